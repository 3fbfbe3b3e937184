// Where the device is, asked once at the tap of somebody who agreed to it; without an answer the tap goes on without.
const WAIT = 8000;

export function places(inputs) {
  for (const input of inputs) {
    const form = input.form;
    let asked = false;
    const go = (event) => {
      if (asked || !navigator.geolocation) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.asking) return; // a second tap while the device looks for itself
      form.dataset.asking = "1";
      const goOn = () => {
        asked = true;
        delete form.dataset.asking;
        form.requestSubmit();
        asked = false;
      };
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude.toFixed(6);
          form.elements.longitude.value = coords.longitude.toFixed(6);
          form.elements.accuracy.value = Math.round(coords.accuracy);
          goOn();
        },
        goOn,
        { enableHighAccuracy: true, timeout: WAIT, maximumAge: 30000 },
      );
    };
    form.addEventListener("submit", go, { capture: true });
  }
}
