"""The pipeline as a Django app."""

from xiaocheng.foundation.kernel.module import Module


class PipelineConfig(Module):
    """Registers the pipeline."""

    name = "xiaocheng.selling.pipeline"
    label = "pipeline"
