"""`make bench`: the product's speed on a generated company, beside the floor of the same machine in the same run."""
