"""The benchmark: what a sync costs against pretend vendors, beside the barest program there is."""
