"""The pipeline: leads with dated states, appraisal, scenarios."""
