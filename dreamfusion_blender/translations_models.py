# ruff: noqa: RUF001 (signs of these languages look like ASCII)
"""The words around models and presets in other languages; see `translations`."""

from __future__ import annotations

# fmt: off
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    # --- buttons
    "Download": ("Télécharger", "Herunterladen", "Descargar", "ダウンロード", "下载"),
    "Downloaded": ("Téléchargé", "Heruntergeladen", "Descargado", "ダウンロード済み", "已下载"),
    "Continue ({percent} %)": ("Continuer ({percent} %)", "Weiter ({percent} %)", "Continuar ({percent} %)", "続行（{percent} %）", "继续（{percent} %）"),
    "Download Model": ("Télécharger le modèle", "Modell herunterladen", "Descargar modelo", "モデルをダウンロード", "下载模型"),
    "Cancel Download": ("Annuler le téléchargement", "Herunterladen abbrechen", "Cancelar descarga", "ダウンロードをキャンセル", "取消下载"),
    "Does It Fit?": ("Tient-il en mémoire ?", "Passt es in den Speicher?", "¿Cabe en la memoria?", "メモリに収まりますか？", "内存够用吗？"),
    "Remove Model": ("Supprimer le modèle", "Modell entfernen", "Quitar modelo", "モデルを削除", "移除模型"),
    "Download this model, or go on with its download. Shows what, under which licence, from where and to where, and asks": (
        "Télécharge ce modèle ou reprend son téléchargement. Montre quoi, sous quelle licence, d’où et où, puis demande",
        "Lädt dieses Modell herunter oder geht damit weiter. Zeigt was, unter welcher Lizenz, woher und wohin, und fragt",
        "Descarga este modelo o continúa su descarga. Muestra qué, con qué licencia, de dónde y adónde, y pregunta",
        "このモデルをダウンロード、または続きから再開します。内容、ライセンス、入手元、保存先を示して確認します",
        "下载此模型或继续下载。会先显示内容、许可证、来源和位置并询问",
    ),
    "End the download. What has arrived is kept: downloading again goes on from there": (
        "Arrête le téléchargement. Ce qui est arrivé est gardé : télécharger de nouveau continue de là",
        "Beendet das Herunterladen. Was da ist, bleibt: erneutes Herunterladen geht von dort weiter",
        "Detiene la descarga. Lo recibido se conserva: al descargar de nuevo, continúa desde ahí",
        "ダウンロードを終えます。受信済みのものは残り、再度のダウンロードでそこから続けます",
        "结束下载。已收到的内容会保留，再次下载时从那里继续",
    ),
    "Delete this model from the disk. Objects that were made with it stay": (
        "Supprime ce modèle du disque. Les objets créés avec lui restent",
        "Löscht dieses Modell von der Platte. Objekte, die damit entstanden, bleiben",
        "Elimina este modelo del disco. Los objetos creados con él permanecen",
        "このモデルをディスクから削除します。作成したオブジェクトは残ります",
        "从磁盘删除此模型。用它制作的物体会保留",
    ),
    # --- what is asked before a download
    "{title}, under this licence: {licence}.": (
        "{title}, sous cette licence : {licence}.", "{title}, unter dieser Lizenz: {licence}.", "{title}, con esta licencia: {licence}.",
        "{title}。ライセンス: {licence}。", "{title}，许可证：{licence}。",
    ),
    "Its owner asks you to accept the licence on {page} and to log in with 'hf auth login' in a terminal.": (
        "Son propriétaire demande d’accepter la licence sur {page} et de se connecter avec « hf auth login » dans un terminal.",
        "Der Eigentümer bittet, die Lizenz auf {page} anzunehmen und sich im Terminal mit „hf auth login“ anzumelden.",
        "Su propietario pide aceptar la licencia en {page} e iniciar sesión con «hf auth login» en una terminal.",
        "所有者は、{page} でライセンスに同意し、端末で「hf auth login」を使ってログインすることを求めています。",
        "所有者要求在 {page} 接受许可证，并在终端用“hf auth login”登录。",
    ),
    "Size: about {size} GB; {free} GB are free.": (
        "Taille : environ {size} Go ; {free} Go sont libres.", "Größe: etwa {size} GB; {free} GB sind frei.", "Tamaño: unos {size} GB; hay {free} GB libres.",
        "容量: 約 {size} GB。空き容量は {free} GB。", "大小：约 {size} GB；可用 {free} GB。",
    ),
    "{size} GB": ("{size} Go", "{size} GB", "{size} GB", "{size} GB", "{size} GB"),
    "or, should it be gone: {place}": (
        "ou, s’il a disparu : {place}", "oder, falls es dort fehlt: {place}", "o, si ya no está: {place}", "そこにない場合: {place}", "若已不在：{place}",
    ),
    "A model is being downloaded: wait for it, or cancel it.": (
        "Un modèle est en cours de téléchargement : attendez ou annulez-le.", "Ein Modell wird gerade heruntergeladen: warten Sie, oder brechen Sie ab.",
        "Se está descargando un modelo: espere o cancélelo.", "モデルをダウンロード中です。完了を待つか、キャンセルしてください。", "正在下载模型：请等待或取消。",
    ),
    "Blender may not go online: allow it in the preferences (System, Network).": (
        "Blender ne peut pas aller en ligne : autorisez-le dans les préférences (Système, Réseau).",
        "Blender darf nicht ins Netz: erlauben Sie es in den Einstellungen (System, Netzwerk).",
        "Blender no puede conectarse: permítalo en las preferencias (Sistema, Red).",
        "Blender はオンラインに接続できません。設定（システム、ネットワーク）で許可してください。",
        "Blender 不能联网：请在偏好设置（系统、网络）中允许。",
    ),
    # --- fields
    "Model": ("Modèle", "Modell", "Modelo", "モデル", "模型"),
    "What looks at the object and says how it should change: 'builtin', the name of a downloaded model, or the folder of one. It brings the preset that goes with it": (
        "Ce qui regarde l’objet et dit comment le changer : « builtin », le nom d’un modèle téléchargé ou le dossier d’un modèle. Il apporte le préréglage qui lui convient",
        "Was das Objekt betrachtet und sagt, wie es sich ändern soll: „builtin“, der Name eines heruntergeladenen Modells oder der Ordner eines Modells. Es bringt die passende Vorgabe mit",
        "Lo que mira el objeto y dice cómo cambiarlo: «builtin», el nombre de un modelo descargado o la carpeta de un modelo. Trae el ajuste predefinido que le corresponde",
        "オブジェクトを見て、どう変えるべきかを示すもの。「builtin」、ダウンロード済みモデルの名前、またはモデルのフォルダー。合うプリセットも選ばれます",
        "观察物体并指出如何修改的模型：“builtin”、已下载模型的名称，或模型所在文件夹。会同时选用相配的预设",
    ),
    "Models": ("Modèles", "Modelle", "Modelos", "モデル一覧", "模型列表"),
    "Show the models that can be downloaded, with their licences and sizes": (
        "Montre les modèles téléchargeables, avec leurs licences et tailles", "Zeigt die Modelle zum Herunterladen, mit Lizenzen und Größen",
        "Muestra los modelos que se pueden descargar, con sus licencias y tamaños", "ダウンロードできるモデルを、ライセンスと容量とともに表示します", "显示可下载的模型及其许可证和大小",
    ),
    "Models Folder": ("Dossier des modèles", "Modellordner", "Carpeta de modelos", "モデルフォルダー", "模型文件夹"),
    "Downloaded models are kept here, for all Blender versions. The environment variable DREAMFUSION_MODELS sets the default": (
        "Les modèles téléchargés sont gardés ici, pour toutes les versions de Blender. La variable d’environnement DREAMFUSION_MODELS fixe la valeur par défaut",
        "Heruntergeladene Modelle liegen hier, für alle Blender-Versionen. Die Umgebungsvariable DREAMFUSION_MODELS setzt den Vorgabewert",
        "Aquí se guardan los modelos descargados, para todas las versiones de Blender. La variable de entorno DREAMFUSION_MODELS fija el valor inicial",
        "ダウンロードしたモデルを、すべての Blender バージョン共通でここに保存します。環境変数 DREAMFUSION_MODELS が既定値になります",
        "下载的模型保存在这里，供所有 Blender 版本使用。环境变量 DREAMFUSION_MODELS 设定默认值",
    ),
    "Model Mirror": ("Miroir des modèles", "Spiegelserver für Modelle", "Espejo de modelos", "モデルのミラー", "模型镜像"),
    "The address of a server that speaks like the Hugging Face Hub, to download models from there; usually empty": (
        "L’adresse d’un serveur qui répond comme le Hub de Hugging Face, pour y télécharger les modèles ; vide d’ordinaire",
        "Die Adresse eines Servers, der wie der Hugging Face Hub antwortet, um Modelle von dort zu laden; sonst leer",
        "La dirección de un servidor que responde como el Hub de Hugging Face, para descargar modelos de allí; normalmente vacía",
        "Hugging Face Hub と同じように応答するサーバーのアドレス。モデルをそこからダウンロードします。通常は空です",
        "与 Hugging Face Hub 接口相同的服务器地址，从那里下载模型；通常留空",
    ),
    # --- presets
    "Fast": ("Rapide", "Schnell", "Rápido", "高速", "快速"),
    "A small object in about a minute, also without a graphics card": (
        "Un petit objet en une minute environ, même sans carte graphique", "Ein kleines Objekt in etwa einer Minute, auch ohne Grafikkarte",
        "Un objeto pequeño en un minuto aproximadamente, también sin tarjeta gráfica", "小さな物を約 1 分で。グラフィックカードがなくても可", "约一分钟做出一个小物体，无需显卡",
    ),
    "DreamFusion as published: 15,000 steps, hours on a graphics card": (
        "DreamFusion tel que publié : 15 000 pas, des heures sur une carte graphique", "DreamFusion wie veröffentlicht: 15.000 Schritte, Stunden auf einer Grafikkarte",
        "DreamFusion tal como se publicó: 15 000 pasos, horas en una tarjeta gráfica", "発表どおりの DreamFusion。15,000 ステップ、グラフィックカードで数時間", "与论文一致的 DreamFusion：15,000 步，用显卡需数小时",
    ),
    "Quality": ("Qualité", "Qualität", "Calidad", "品質", "质量"),
    "For large models: 10,000 steps at up to 256 pixels, hours on a graphics card": (
        "Pour les grands modèles : 10 000 pas jusqu’à 256 pixels, des heures sur une carte graphique",
        "Für große Modelle: 10.000 Schritte mit bis zu 256 Pixeln, Stunden auf einer Grafikkarte",
        "Para modelos grandes: 10 000 pasos con hasta 256 píxeles, horas en una tarjeta gráfica",
        "大きなモデル用。最大 256 ピクセルで 10,000 ステップ、グラフィックカードで数時間",
        "用于大型模型：最高 256 像素，10,000 步，用显卡需数小时",
    ),
    "With the values published for this family of models: thousands of steps, hours on a graphics card": (
        "Avec les valeurs publiées pour cette famille de modèles : des milliers de pas, des heures sur une carte graphique",
        "Mit den Werten, die für diese Modellfamilie veröffentlicht sind: Tausende Schritte, Stunden auf einer Grafikkarte",
        "Con los valores publicados para esta familia de modelos: miles de pasos, horas en una tarjeta gráfica",
        "このモデル系列について発表された値を使用。数千ステップ、グラフィックカードで数時間",
        "采用针对该模型系列公布的数值：数千步，用显卡需数小时",
    ),
    **{name: (name,) * 5 for name in ("Stable Diffusion", "Stable Diffusion XL", "DeepFloyd IF", "Stable Diffusion 3", "FLUX", "Sana", "PixArt")},
}
# fmt: on
