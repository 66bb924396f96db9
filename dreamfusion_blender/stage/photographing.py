"""Operators that place objects in a photo, fit other objects into it, and remove it."""

from __future__ import annotations

import os
from typing import Any

import bpy
from bpy.props import BoolProperty, FloatProperty, FloatVectorProperty, StringProperty
from bpy.types import Context, Operator

from ..core.photo import NoGround
from ..core.translate import tr
from . import bounds, composite
from .composite import BadPhoto
from .photo_settings import FOOT, HEIGHT, HORIZON, LENS

SHOT = ("foot", "height", "horizon", "lens")


class PhotoOperator:
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def fit(self, context: Context, *, light: bool) -> set[str]:
        """Places the selected objects in the photo of the settings."""
        scene = context.scene
        context.view_layer.update()
        around = bounds.measure(bounds.selected_meshes(context))
        if around is None:
            raise NoGround(tr("Select objects first."))
        composite.place(scene, around, composite.azimuth_of(scene.camera, around), light=light)
        _look_through_camera(context)
        return {"FINISHED"}


class DREAMFUSION_OT_place_in_photo(PhotoOperator, Operator):
    """Place the selected objects in a photo, with a matching camera, shadows on the ground and the photo as background"""

    bl_idname = "dreamfusion.place_in_photo"
    bl_label = "Place in Photo"

    filepath: StringProperty(
        name="Photo", description="Image file of the photo", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default="*.jpg;*.jpeg;*.png;*.tif;*.tiff;*.webp;*.bmp;*.exr;*.hdr", options={"HIDDEN"})
    foot: FloatVectorProperty(**FOOT)
    height: FloatProperty(**HEIGHT)
    horizon: FloatProperty(**HORIZON)
    lens: FloatProperty(**LENS)
    light: BoolProperty(
        name="Light",
        description="Add a sun and ambient light in the photo's mean color if the scene has no lights",
        default=True,
    )

    def invoke(self, context: Context, _event: bpy.types.Event) -> set[str]:
        if bounds.measure(bounds.selected_meshes(context)[:1]) is None:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        settings = composite.settings_of(context.scene)
        for name in (*SHOT, "light") if settings.is_active else ():  # another photo of the same place
            if not self.properties.is_property_set(name):
                setattr(self, name, getattr(settings, name))
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        settings = composite.settings_of(context.scene)
        before = {name: _copied(getattr(settings, name)) for name in ("image", *SHOT)}
        engine, was_active = context.scene.render.engine, settings.is_active
        settings.is_active = False  # the settings take effect together
        try:
            image = self._read()
            for name, value in {"image": image, **{name: getattr(self, name) for name in SHOT}}.items():
                setattr(settings, name, value)
            settings.is_active = was_active
            self.fit(context, light=self.light)
        except (BadPhoto, NoGround) as error:
            settings.is_active = False
            for name, value in before.items():
                setattr(settings, name, value)
            settings.is_active = was_active
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        if context.scene.render.engine != engine:
            self.report({"INFO"}, tr("Switched the render engine to Cycles, which supports shadow catchers."))
        else:
            text = tr("Height of the camera above the ground: {height}.")
            self.report({"INFO"}, text.format(height=f"{settings.above:.2f}"))
        return {"FINISHED"}

    def _read(self) -> bpy.types.Image:
        try:
            image = bpy.data.images.load(os.fspath(bpy.path.abspath(self.filepath)), check_existing=True)
            if all(image.size):
                return image
        except RuntimeError:
            pass
        text = tr("Cannot read the photo {path}. Choose an image file.")
        raise BadPhoto(text.format(path=self.filepath or "-"))


class DREAMFUSION_OT_fit_photo(PhotoOperator, Operator):
    """Place the selected objects at the ground point of the photo, with the same settings"""

    bl_idname = "dreamfusion.fit_photo"
    bl_label = "Fit Selected"

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT" and bool(composite.settings_of(context.scene).is_active)

    def execute(self, context: Context) -> set[str]:
        try:
            return self.fit(context, light=composite.settings_of(context.scene).light)
        except (BadPhoto, NoGround) as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}


class DREAMFUSION_OT_remove_photo(PhotoOperator, Operator):
    """Remove the photo with its camera, shadow catcher and light, and restore the settings of the scene"""

    bl_idname = "dreamfusion.remove_photo"
    bl_label = "Remove Photo"

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT" and bool(composite.settings_of(context.scene).is_active)

    def execute(self, context: Context) -> set[str]:
        composite.remove(context.scene)
        for _, area in _views(context):
            space: Any = area.spaces.active
            if space.region_3d.view_perspective == "CAMERA":
                space.region_3d.view_perspective = "PERSP"
        return {"FINISHED"}


def _look_through_camera(context: Context) -> None:
    """Shows the photo in the 3D Viewport of the operator, or in all viewports of the scene."""
    own = context.area if context.area is not None and context.area.type == "VIEW_3D" else None
    for window, area in [(context.window, own)] if own is not None else _views(context):
        space: Any = area.spaces.active
        if space.use_local_camera:
            space.camera = context.scene.camera
        space.region_3d.view_perspective = "CAMERA"
        region = next(region for region in area.regions if region.type == "WINDOW")
        if not bpy.app.background:
            with context.temp_override(window=window, area=area, region=region):
                bpy.ops.view3d.view_center_camera()


def _views(context: Context) -> list[tuple[bpy.types.Window, bpy.types.Area]]:
    """The 3D Viewports that show the scene of the operator."""
    windows = [window for window in context.window_manager.windows if window.scene == context.scene]
    return [(window, area) for window in windows for area in window.screen.areas if area.type == "VIEW_3D"]


def _copied(value: Any) -> Any:
    return tuple(value) if hasattr(value, "__len__") else value


CLASSES = (DREAMFUSION_OT_place_in_photo, DREAMFUSION_OT_fit_photo, DREAMFUSION_OT_remove_photo)
