"""Writes USD as text (`.usda`), for Blender, Omniverse, Houdini and others.

The file is simple enough to write directly. The USD libraries would be a large dependency for one mesh.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from ..jobs.files import write_atomic
from .glb import NAME
from .topology import Array, Mesh
from .unwrap import Unwrapped

_DOCUMENT = """#usda 1.0
(
    defaultPrim = "{name}"
    metersPerUnit = 1
    upAxis = "Z"
)

def Xform "{name}" (
    kind = "component"
)
{{
    def Mesh "Body" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {{
        uniform token subdivisionScheme = "none"
        float3[] extent = [{extent}]
        int[] faceVertexCounts = [{counts}]
        int[] faceVertexIndices = [{indices}]
        point3f[] points = [{points}]
        normal3f[] normals = [{normals}] (
            interpolation = "vertex"
        )
        texCoord2f[] primvars:st = [{uv}] (
            interpolation = "faceVarying"
        )
        int[] primvars:st:indices = [{uv_indices}]
        rel material:binding = </{name}/Material>
    }}

    def Material "Material"
    {{
        token outputs:surface.connect = </{name}/Material/Surface.outputs:surface>

        def Shader "Surface"
        {{
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </{name}/Material/Albedo.outputs:rgb>
            float inputs:metallic = 0
            float inputs:roughness = {roughness}
            token outputs:surface
        }}

        def Shader "Albedo"
        {{
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @./{texture}@
            token inputs:sourceColorSpace = "sRGB"
            float2 inputs:st.connect = </{name}/Material/UVMap.outputs:result>
            token inputs:wrapS = "clamp"
            token inputs:wrapT = "clamp"
            float3 outputs:rgb
        }}

        def Shader "UVMap"
        {{
            uniform token info:id = "UsdPrimvarReader_float2"
            string inputs:varname = "st"
            float2 outputs:result
        }}
    }}
}}
"""


def write_usd(file: Path, mesh: Mesh, normals: Array, unwrapped: Unwrapped, texture: str, roughness: float) -> None:
    """Writes one mesh with a preview material. Seams stay welded; z is up, and one unit is a meter, as in Blender.

    Args:
        normals: of the vertices of `mesh` [V, 3].
        texture: file name of the texture, in the same folder.
        roughness: of the material, 0 to 1.

    Raises:
        OSError: the file cannot be written.
    """
    text = _DOCUMENT.format(
        name=NAME,
        texture=texture,
        roughness=f"{roughness:.4f}",
        extent=_tuples(np.stack((mesh.vertices.min(0), mesh.vertices.max(0))), "%.6f"),
        counts=", ".join(["3"] * len(mesh.faces)),
        indices=_numbers(mesh.faces),
        points=_tuples(mesh.vertices, "%.6f"),
        normals=_tuples(normals, "%.4f"),
        uv=_tuples(unwrapped.uv, "%.6f"),
        uv_indices=_numbers(unwrapped.faces),
    )
    write_atomic(file, text)


def _numbers(values: np.ndarray) -> str:
    """Comma-separated numbers."""
    return ", ".join(map(str, values.ravel().tolist()))


def _tuples(values: Array, form: str) -> str:
    """Comma-separated tuples, one per row of `values`, each number in printf format `form`."""
    stream = io.StringIO()
    np.savetxt(stream, values, "(" + ", ".join([form] * values.shape[1]) + ")", newline=", ")
    return stream.getvalue().removesuffix(", ")
