"""The optimization of a field by score distillation (DreamFusion, section 3).

`loop.Optimization` is the resumable run. A step draws random views (`views`), renders them (`scene`, `render`), passes
the images to the guidance and updates the parameters with the guidance's gradient and the regularizers (`losses`).
"""
