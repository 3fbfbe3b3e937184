"""The forms about a plan and a report are shown only to who sees the plan or report."""

from tests.access.rows import rows_of_the_outsider
from tests.world import World


def test_nobody_is_asked_about_a_plan_or_report_that_he_does_not_see(world: World) -> None:
    rows = rows_of_the_outsider(world)
    addresses = [f"/plans/{rows['plan']}/return/"]
    addresses += [f"/reports/{rows['report']}/{act}/" for act in ("return", "comment", "revise")]
    stranger, manager = world.client("east_manager"), world.client("south_manager")
    assert [stranger.get(address).status_code for address in addresses] == [404] * 4
    assert [manager.get(address).status_code for address in addresses] == [200] * 4
