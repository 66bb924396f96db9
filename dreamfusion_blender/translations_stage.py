# ruff: noqa: RUF001 (signs of these languages look like ASCII)
"""The words of lists, light and place in other languages; the columns are those of `translations`."""

from __future__ import annotations

# fmt: off
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    "Relight": ("Rééclairer", "Neu beleuchten", "Reiluminar", "再ライティング", "重新打光"),
    "Place": ("Placer", "Platzieren", "Colocar", "配置", "放置"),
    "Three-Point": ("Trois points", "Dreipunkt", "Tres puntos", "三点照明", "三点布光"),
    "Sun": ("Soleil", "Sonne", "Sol", "太陽", "太阳"),
    "Rim": ("Contre-jour", "Streiflicht", "Contraluz", "リムライト", "轮廓光"),
    "Paper": ("Article", "Artikel", "Artículo", "論文", "论文"),
    "Sky": ("Ciel", "Himmel", "Cielo", "空", "天空"),
    "Key, fill and rim light: soft, and every side readable": (
        "Lumières principale, d’appoint et de contour : douces, chaque côté lisible",
        "Führungs-, Füll- und Streiflicht: weich, und jede Seite lesbar",
        "Luz principal, de relleno y de contorno: suave, y cada lado legible",
        "キー、フィル、リムの三灯。柔らかく、どの面もよく見えます", "主光、辅光和轮廓光：柔和，每一面都清晰",
    ),
    "Hard afternoon sun under a blue sky": (
        "Soleil dur d’après-midi sous un ciel bleu", "Harte Nachmittagssonne unter blauem Himmel",
        "Sol duro de tarde bajo un cielo azul", "青空の下の強い午後の日差し", "蓝天下强烈的午后阳光",
    ),
    "Two strips of light from behind and a breath of fill: the outline glows": (
        "Deux lumières de derrière et un souffle d’appoint : le contour brille",
        "Zwei Lichter von hinten und ein Hauch von vorn: der Umriss leuchtet",
        "Dos luces desde atrás y un poco de relleno: el contorno brilla",
        "背後の二灯とわずかなフィルで輪郭を光らせます", "后方两道光加少许辅光：轮廓发亮",
    ),
    "One point light near the viewer and a little of everywhere: how the object was shaded while it was made": (
        "Une lumière ponctuelle près du spectateur et un peu de partout : comme l’objet a été éclairé à sa création",
        "Ein Punktlicht beim Betrachter und ein wenig von überall: so wurde das Objekt beleuchtet, als es entstand",
        "Una luz puntual junto al observador y un poco de todas partes: como se iluminó el objeto al crearlo",
        "視点の近くの点光源と少しの環境光。生成中と同じ照明です", "观察者附近的点光源加少许环境光：与生成时的照明相同",
    ),
    "A clear physical sky with its sun: outdoors": (
        "Un ciel clair physique avec son soleil : en plein air", "Ein klarer Himmel mit seiner Sonne: im Freien",
        "Un cielo despejado físico con su sol: al aire libre", "太陽のある快晴の空。屋外", "晴朗的物理天空与太阳：户外",
    ),
    "Light Rig": ("Éclairage", "Lichtaufbau", "Esquema de luces", "ライトリグ", "灯光布置"),
    "Light the selected objects, in place of the last rig. An empty in their middle moves and turns all lights": (
        "Éclaire les objets sélectionnés, à la place du dernier éclairage. Un objet vide au milieu déplace et tourne les lumières",
        "Beleuchtet die gewählten Objekte anstelle des letzten Aufbaus. Ein Leerobjekt in ihrer Mitte bewegt und dreht alle Lichter",
        "Ilumina los objetos seleccionados en lugar del último esquema. Un vacío en su centro mueve y gira todas las luces",
        "選択オブジェクトを照らします（前のリグと置き換え）。中央のエンプティで全ライトを動かせます",
        "为所选物体打光，替换之前的布置。中间的空物体可移动和旋转所有灯光",
    ),
    "Remove Rig": ("Retirer l’éclairage", "Lichtaufbau entfernen", "Quitar esquema", "リグを削除", "移除布置"),
    "Take the rig's lights and its world away; lights of your own stay": (
        "Retire les lumières et le monde de l’éclairage ; les vôtres restent",
        "Nimmt die Lichter und die Welt des Aufbaus weg; eigene Lichter bleiben",
        "Quita las luces y el mundo del esquema; las propias se quedan",
        "リグのライトとワールドを取り除きます。自分のライトは残ります", "移除布置的灯光和世界；自己的灯光保留",
    ),
    "Turn": ("Rotation", "Drehung", "Giro", "回転", "旋转"),
    "Strength": ("Intensité", "Stärke", "Intensidad", "強さ", "强度"),
    "Turntable": ("Plateau tournant", "Drehteller", "Plataforma giratoria", "ターンテーブル", "转台"),
    "A camera that goes once around the selected objects in a loop; it becomes the scene's camera": (
        "Une caméra qui fait le tour des objets sélectionnés en boucle ; elle devient la caméra de la scène",
        "Eine Kamera, die in einer Schleife um die gewählten Objekte fährt; sie wird die Kamera der Szene",
        "Una cámara que gira en bucle alrededor de los objetos seleccionados; pasa a ser la cámara de la escena",
        "選択オブジェクトを一周するループカメラを作り、シーンのカメラにします", "让摄像机循环环绕所选物体一周，并设为场景摄像机",
    ),
    "In Photo...": ("Dans une photo...", "In Foto ...", "En una foto...", "写真に...", "放入照片..."),
    "Place in Photo": ("Placer dans une photo", "In Foto platzieren", "Colocar en una foto", "写真に配置", "放入照片"),
    "Put the selected objects into a photograph: with its camera, their shadow on its ground, and the picture behind": (
        "Met les objets sélectionnés dans une photo : avec sa caméra, leur ombre sur son sol, et l’image derrière",
        "Setzt die gewählten Objekte in ein Foto: mit dessen Kamera, ihrem Schatten auf dessen Boden und dem Bild dahinter",
        "Pone los objetos seleccionados en una foto: con su cámara, su sombra en el suelo y la imagen detrás",
        "選択オブジェクトを写真に入れます。カメラを合わせ、地面に影を落とし、背景に写真を置きます",
        "把所选物体放入照片：匹配摄像机，在地面投下阴影，照片作背景",
    ),
    "Photograph": ("Photo", "Foto", "Foto", "写真", "照片"),
    "Foot": ("Pied", "Fußpunkt", "Base", "足元", "落脚点"),
    "Horizon": ("Horizon", "Horizont", "Horizonte", "地平線", "地平线"),
    "Under Cursor": ("Sous le curseur", "Unter dem Cursor", "Bajo el cursor", "カーソルの下", "游标下方"),
    "Place in Scene": ("Placer dans la scène", "In Szene platzieren", "Colocar en la escena", "シーンに配置", "放入场景"),
    "Stand the active object on the surface under the 3D cursor, in a real size": (
        "Pose l’objet actif sur la surface sous le curseur 3D, en taille réelle",
        "Stellt das aktive Objekt auf die Fläche unter dem 3D-Cursor, in wirklicher Größe",
        "Apoya el objeto activo en la superficie bajo el cursor 3D, a tamaño real",
        "アクティブオブジェクトを実寸で 3D カーソルの下の面に立てます", "让活动物体以真实尺寸立在 3D 游标下方的表面上",
    ),
    "Align to Surface": ("Aligner à la surface", "An Fläche ausrichten", "Alinear a la superficie", "面に合わせる", "对齐到表面"),
    "Arrange": ("Disposer", "Anordnen", "Disponer", "並べる", "排列"),
    "Lay the selected objects out around the 3D cursor, on its ground, so that none is in another": (
        "Dispose les objets sélectionnés autour du curseur 3D, sur son sol, sans qu’aucun n’en touche un autre",
        "Legt die gewählten Objekte um den 3D-Cursor auf dessen Boden aus, sodass keines in einem anderen steckt",
        "Dispone los objetos seleccionados alrededor del cursor 3D, sobre su suelo, sin que ninguno toque a otro",
        "選択オブジェクトを 3D カーソルの周りの地面に、重ならないように並べます", "把所选物体排列在 3D 游标周围的地面上，互不重叠",
    ),
    "Row": ("Rangée", "Reihe", "Fila", "一列", "一排"),
    "Grid": ("Grille", "Raster", "Cuadrícula", "格子", "网格"),
    "Scatter": ("Éparpiller", "Streuen", "Dispersar", "散らす", "散布"),
    "Gap": ("Écart", "Abstand", "Separación", "間隔", "间距"),
    "Random Turn": ("Rotation aléatoire", "Zufällige Drehung", "Giro aleatorio", "ランダム回転", "随机旋转"),
    # --- a scene from a list of prompts
    "Scene from a List": ("Scène d’après une liste", "Szene aus einer Liste", "Escena de una lista", "リストからシーン", "由列表生成场景"),
    "Generate Scene": ("Générer la scène", "Szene erzeugen", "Generar escena", "シーンを生成", "生成场景"),
    "Make an object of every prompt of the list, one after the other. They stand together around the 3D cursor": (
        "Crée un objet pour chaque texte de la liste, l’un après l’autre. Ils se tiennent ensemble autour du curseur 3D",
        "Macht aus jedem Text der Liste ein Objekt, eins nach dem anderen. Sie stehen zusammen um den 3D-Cursor",
        "Crea un objeto por cada texto de la lista, uno tras otro. Quedan juntos alrededor del cursor 3D",
        "リストの各プロンプトから順にオブジェクトを作ります。3D カーソルの周りに並びます",
        "依次为列表中的每个提示词制作物体，一起放在 3D 游标周围",
    ),
    "List": ("Liste", "Liste", "Lista", "リスト", "列表"),
    "A text with one prompt on each line; lines that begin with # are left out": (
        "Un texte avec un objet par ligne ; les lignes qui commencent par # sont ignorées",
        "Ein Text mit einem Objekt je Zeile; Zeilen, die mit # beginnen, zählen nicht",
        "Un texto con un objeto por línea; las líneas que empiezan por # se omiten",
        "一行に一つのプロンプトを書いたテキスト。# で始まる行は無視されます", "每行一个提示词的文本；以 # 开头的行会被忽略",
    ),
    "Pattern": ("Motif", "Muster", "Patrón", "並べ方", "排列方式"),
    "How the objects of the list stand around the 3D cursor": (
        "Comment les objets de la liste se tiennent autour du curseur 3D",
        "Wie die Objekte der Liste um den 3D-Cursor stehen",
        "Cómo quedan los objetos de la lista alrededor del cursor 3D",
        "リストのオブジェクトを 3D カーソルの周りにどう並べるか", "列表中的物体如何围绕 3D 游标排列",
    ),
    "Side by side, in the order of the list": (
        "Côte à côte, dans l’ordre de la liste", "Nebeneinander, in der Reihenfolge der Liste",
        "Uno junto a otro, en el orden de la lista", "リストの順に横一列", "按列表顺序并排",
    ),
    "In rows and columns, in the order of the list": (
        "En lignes et colonnes, dans l’ordre de la liste", "In Zeilen und Spalten, in der Reihenfolge der Liste",
        "En filas y columnas, en el orden de la lista", "リストの順に縦横に", "按列表顺序排成行列",
    ),
    "As if put down by hand, the largest in the middle": (
        "Comme posés à la main, le plus grand au milieu", "Wie von Hand hingestellt, das größte in der Mitte",
        "Como puestos a mano, el mayor en el centro", "手で置いたように、最大のものを中央に", "如同随手摆放，最大的在中间",
    ),
    "Least distance between two objects of the list": (
        "Distance minimale entre deux objets de la liste", "Kleinster Abstand zwischen zwei Objekten der Liste",
        "Distancia mínima entre dos objetos de la lista", "リストのオブジェクト同士の最小間隔", "列表中两个物体之间的最小距离",
    ),
    "{number} of {count}": ("{number} sur {count}", "{number} von {count}", "{number} de {count}", "{number} / {count}", "第 {number} 个，共 {count} 个"),
    "{count} of {all} objects did not come: {prompts}.": (
        "{count} objets sur {all} ne sont pas arrivés : {prompts}.", "{count} von {all} Objekten sind nicht gekommen: {prompts}.",
        "{count} de {all} objetos no llegaron: {prompts}.", "{all} 個のうち {count} 個は作れませんでした: {prompts}。",
        "{all} 个物体中有 {count} 个未完成：{prompts}。",
    ),
    # --- what operators say
    "Select objects first.": (
        "Sélectionnez d’abord des objets.", "Wählen Sie zuerst Objekte aus.", "Seleccione primero objetos.",
        "先にオブジェクトを選択してください。", "请先选择物体。",
    ),
    "The photograph {path} cannot be read: choose a picture file.": (
        "La photo {path} est illisible : choisissez un fichier d’image.",
        "Das Foto {path} ist nicht lesbar: Wählen Sie eine Bilddatei.",
        "La foto {path} no se puede leer: elija un archivo de imagen.",
        "写真 {path} を読めません。画像ファイルを選んでください。", "无法读取照片 {path}：请选择图像文件。",
    ),
    "The render engine is Cycles now, which catches shadows.": (
        "Le moteur de rendu est maintenant Cycles, qui capte les ombres.", "Gerendert wird jetzt mit Cycles, das Schatten auffängt.",
        "El motor de render es ahora Cycles, que recoge las sombras.", "影を受けられるよう、レンダーエンジンを Cycles にしました。",
        "渲染引擎已改为 Cycles，以便捕捉阴影。",
    ),
    "The camera is {height} above the ground.": (
        "La caméra est à {height} au-dessus du sol.", "Die Kamera ist {height} über dem Boden.",
        "La cámara está a {height} sobre el suelo.", "カメラの高さは地面から {height} です。", "摄像机离地面 {height}。",
    ),
    "The object's foot is not below the horizon: lower the foot, or raise the horizon.": (
        "Le pied de l’objet n’est pas sous l’horizon : abaissez le pied ou relevez l’horizon.",
        "Der Fußpunkt liegt nicht unter dem Horizont: Senken Sie ihn, oder heben Sie den Horizont.",
        "La base del objeto no está bajo el horizonte: baje la base o suba el horizonte.",
        "足元が地平線より下にありません。足元を下げるか地平線を上げてください。", "落脚点不在地平线以下：请降低落脚点或抬高地平线。",
    ),
    "The object cannot be that large there: choose a smaller share of the picture.": (
        "L’objet ne peut pas être aussi grand à cet endroit : choisissez une part plus petite de l’image.",
        "So groß kann das Objekt dort nicht sein: Wählen Sie einen kleineren Anteil des Bildes.",
        "El objeto no puede ser tan grande ahí: elija una parte menor de la imagen.",
        "その位置ではそこまで大きくできません。画像に占める割合を小さくしてください。", "物体在那里不能这么大：请选择较小的画面比例。",
    ),
}
# fmt: on
