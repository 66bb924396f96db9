"""Two small models of the large ones' architectures, trained on the project's own pictures and saved by diffusers' own
pipelines.

Random models show that a prior here predicts what diffusers predicts; these show that it means something: what is made with
them through `--prior FOLDER`, the way of every large model, has to look like its prompt. They are never shipped.
"""
