# ruff: noqa: RUF001 (signs of these languages look like ASCII)
"""The options of operators, as the panel "Adjust Last Operation" and the keymap show them, in other languages; see
`translations`."""

from __future__ import annotations

# fmt: off
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    # --- jobs
    "Job": ("Tâche", "Auftrag", "Tarea", "ジョブ", "任务"),
    "The job's id; empty means the scene's current job": (
        "L’identifiant de la tâche ; vide : la tâche actuelle de la scène", "Die Kennung des Auftrags; leer: der aktuelle Auftrag der Szene",
        "El identificador de la tarea; vacío: la tarea actual de la escena", "ジョブの ID。空ならシーンの現在のジョブ", "任务的 ID；留空表示场景当前的任务",
    ),
    "Wait": ("Attendre", "Warten", "Esperar", "待つ", "等待"),
    "Return when what was asked for is in the scene. Blender does not react until then: for scripts only": (
        "Ne revient que lorsque ce qui est demandé est dans la scène. Blender ne réagit pas d’ici là : pour les scripts seulement",
        "Kehrt erst zurück, wenn das Verlangte in der Szene ist. Blender reagiert bis dahin nicht: nur für Skripte",
        "Vuelve cuando lo pedido está en la escena. Blender no responde hasta entonces: solo para scripts",
        "頼んだものがシーンに入ったら戻ります。それまで Blender は反応しません。スクリプト専用です",
        "所请求的内容进入场景后才返回。在此之前 Blender 没有响应：仅用于脚本",
    ),
    "Prompts": ("Textes", "Texte", "Textos", "プロンプト", "提示词列表"),
    "One on each line": ("Un par ligne", "Einer auf jeder Zeile", "Uno en cada línea", "1 行に 1 つ", "每行一个"),
    "Its name in the list, or owner/name on the Hub": (
        "Son nom dans la liste, ou propriétaire/nom sur le Hub", "Sein Name in der Liste, oder Besitzer/Name auf dem Hub",
        "Su nombre en la lista, o propietario/nombre en el Hub", "一覧での名前、または Hub での 所有者/名前", "列表中的名称，或 Hub 上的 所有者/名称",
    ),
    "Step": ("Pas", "Schritt", "Paso", "ステップ", "步数"),
    "How many pages to go on, or back": (
        "De combien de pages avancer, ou reculer", "Wie viele Seiten weiter, oder zurück", "Cuántas páginas avanzar, o retroceder",
        "何ページ進むか、または戻るか", "前进或后退多少页",
    ),
    # --- light
    "Rig": ("Schéma", "Aufbau", "Esquema", "リグ", "布光"),
    "Which lights, and from where": (
        "Quelles lumières, et d’où", "Welche Lichter, und von wo", "Qué luces, y desde dónde", "どのライトを、どこから", "哪些灯光，来自何处",
    ),
    "Where the rig's viewer stands around the objects; from the panel, where the scene's camera is": (
        "Où se tient, autour des objets, celui qui regarde ; depuis le panneau, là où est la caméra de la scène",
        "Wo der Betrachter um die Objekte herum steht; aus dem Panel: wo die Kamera der Szene ist",
        "Dónde está, alrededor de los objetos, quien mira; desde el panel, donde está la cámara de la escena",
        "オブジェクトのまわりで見る人が立つ向き。パネルからはシーンのカメラの位置",
        "观看者围绕物体所处的方位；从面板使用时为场景摄像机的位置",
    ),
    "Of all its light": ("De toute sa lumière", "All seines Lichts", "De toda su luz", "全部の光の強さ", "其全部灯光的强度"),
    # --- turntable
    "Frames": ("Images", "Bilder", "Fotogramas", "フレーム数", "帧数"),
    "For one turn": ("Pour un tour", "Für eine Umdrehung", "Para una vuelta", "1 回転の長さ", "转一圈所用"),
    "Elevation": ("Élévation", "Höhenwinkel", "Elevación", "仰角", "仰角"),
    "How high the camera looks from, over the horizon": (
        "De quelle hauteur au-dessus de l’horizon regarde la caméra", "Von wie hoch über dem Horizont die Kamera blickt",
        "Desde qué altura sobre el horizonte mira la cámara", "カメラが地平線よりどれだけ上から見るか", "摄像机高于地平线多少角度",
    ),
    "Turns": ("Tourne", "Dreht sich", "Gira", "回るもの", "旋转对象"),
    "What goes around": ("Ce qui tourne", "Was sich dreht", "Qué gira", "何が回るか", "旋转的是什么"),
    "Camera": ("Caméra", "Kamera", "Cámara", "カメラ", "摄像机"),
    "The camera goes around; light and shadow stay as they are on the objects": (
        "La caméra tourne ; lumière et ombre restent telles quelles sur les objets",
        "Die Kamera geht herum; Licht und Schatten bleiben auf den Objekten, wie sie sind",
        "La cámara gira; luz y sombra se quedan como están en los objetos",
        "カメラが回ります。オブジェクトの光と影は変わりません",
        "摄像机环绕；物体上的光影保持不变",
    ),
    "Objects": ("Objets", "Objekte", "Objetos", "オブジェクト", "物体"),
    "The objects turn before a camera at rest; the light wanders over them": (
        "Les objets tournent devant une caméra immobile ; la lumière se promène sur eux",
        "Die Objekte drehen sich vor einer ruhenden Kamera; das Licht wandert über sie",
        "Los objetos giran ante una cámara quieta; la luz se desliza sobre ellos",
        "静止したカメラの前でオブジェクトが回り、光が表面を移動します",
        "物体在静止的摄像机前旋转；光在其表面移动",
    ),
    # --- place
    "Size": ("Taille", "Größe", "Tamaño", "サイズ", "大小"),
    "Real size; 0 leaves the object as large as it is": (
        "Taille réelle ; 0 laisse l’objet tel quel", "Wirkliche Größe; 0 lässt das Objekt, wie es ist",
        "Tamaño real; 0 deja el objeto como está", "実寸。0 なら大きさを変えません", "实际尺寸；0 表示保持原大小",
    ),
    "Of": ("De", "Von", "De", "測る辺", "度量"),
    "Which length of the object the size is": (
        "Quelle longueur de l’objet est la taille", "Welche Länge des Objekts die Größe ist", "Qué longitud del objeto es el tamaño",
        "サイズがオブジェクトのどの長さか", "该尺寸指物体的哪个长度",
    ),
    "Height": ("Hauteur", "Höhe", "Altura", "高さ", "高度"),
    "The size is how tall the object is": (
        "La taille est la hauteur de l’objet", "Die Größe ist, wie hoch das Objekt ist", "El tamaño es la altura del objeto",
        "サイズはオブジェクトの高さです", "该尺寸为物体的高度",
    ),
    "Width": ("Largeur", "Breite", "Anchura", "幅", "宽度"),
    "The size is how wide it is from left to right": (
        "La taille est sa largeur de gauche à droite", "Die Größe ist, wie breit es von links nach rechts ist",
        "El tamaño es su anchura de izquierda a derecha", "サイズは左右の幅です", "该尺寸为从左到右的宽度",
    ),
    "Longest Side": ("Plus grand côté", "Längste Seite", "Lado más largo", "最も長い辺", "最长边"),
    "The size is its longest side": (
        "La taille est son plus grand côté", "Die Größe ist seine längste Seite", "El tamaño es su lado más largo",
        "サイズは最も長い辺です", "该尺寸为最长边",
    ),
    "Lean with the surface instead of standing upright": (
        "Penche avec la surface au lieu de rester droit", "Lehnt sich mit der Fläche, statt aufrecht zu stehen",
        "Se inclina con la superficie en vez de quedar de pie", "まっすぐ立てず、面に沿って傾けます", "随表面倾斜，而不是竖直站立",
    ),
    "How they stand": ("Comment ils se tiennent", "Wie sie stehen", "Cómo se colocan", "並べ方", "排列方式"),
    "Side by side, in the order of their names": (
        "Côte à côte, dans l’ordre de leurs noms", "Nebeneinander, nach ihren Namen geordnet", "Lado a lado, en el orden de sus nombres",
        "名前の順に横に並べます", "按名称顺序并排",
    ),
    "In rows and columns, in the order of their names": (
        "En lignes et colonnes, dans l’ordre de leurs noms", "In Zeilen und Spalten, nach ihren Namen geordnet",
        "En filas y columnas, en el orden de sus nombres", "名前の順に縦横に並べます", "按名称顺序排成行和列",
    ),
    "Least distance between them": (
        "Distance minimale entre eux", "Kleinster Abstand zwischen ihnen", "Distancia mínima entre ellos", "間の最小の距離", "它们之间的最小距离",
    ),
    "Another one scatters them anew": (
        "Une autre les disperse à nouveau", "Ein anderer verstreut sie neu", "Otra los esparce de nuevo", "変えると散らし方が変わります", "换一个会重新散布",
    ),
    "How far scattered objects are turned at most": (
        "De combien au plus les objets dispersés sont tournés", "Wie weit verstreute Objekte höchstens gedreht werden",
        "Cuánto se giran como máximo los objetos esparcidos", "散らしたオブジェクトを最大どれだけ回すか", "散布的物体最多旋转多少",
    ),
    # --- photograph
    "The picture to put them into": (
        "L’image dans laquelle les placer", "Das Bild, in das sie kommen", "La imagen en la que ponerlos", "入れる先の写真", "要放入的照片",
    ),
    "Where in the photograph the objects stand: 0 is left and bottom, 1 is right and top": (
        "Où se tiennent les objets dans la photo : 0 est à gauche et en bas, 1 à droite et en haut",
        "Wo im Foto die Objekte stehen: 0 ist links und unten, 1 ist rechts und oben",
        "Dónde están los objetos en la foto: 0 es izquierda y abajo, 1 es derecha y arriba",
        "写真のどこに立つか。0 は左と下、1 は右と上",
        "物体在照片中的位置：0 为左和下，1 为右和上",
    ),
    "Share of the photograph's height that they take": (
        "Part de la hauteur de la photo qu’ils prennent", "Anteil an der Höhe des Fotos, den sie einnehmen",
        "Parte de la altura de la foto que ocupan", "写真の高さに占める割合", "占照片高度的比例",
    ),
    "How high in the photograph the horizon is, or would be; 1 is the top": (
        "À quelle hauteur de la photo est, ou serait, l’horizon ; 1 est le haut",
        "Wie hoch im Foto der Horizont ist oder wäre; 1 ist oben",
        "A qué altura de la foto está, o estaría, el horizonte; 1 es arriba",
        "写真の中で地平線がある（はずの）高さ。1 は上端",
        "地平线在照片中的高度（或应有的高度）；1 为顶部",
    ),
    "Focal Length": ("Focale", "Brennweite", "Distancia focal", "焦点距離", "焦距"),
    "Of the photographer's lens in millimetres for full frame; telephones have about 26": (
        "De l’objectif, en millimètres pour le plein format ; un téléphone a environ 26",
        "Des Objektivs in Millimetern für Vollformat; Telefone haben etwa 26",
        "Del objetivo, en milímetros para formato completo; un teléfono tiene unos 26",
        "撮影レンズの焦点距離（フルサイズ換算、ミリ）。スマートフォンは約 26",
        "拍摄镜头的全画幅等效焦距（毫米）；手机约为 26",
    ),
    "Light": ("Lumière", "Licht", "Luz", "照明", "光照"),
    "A sun, and the photograph's mean colour from everywhere, when the scene has no lights of its own": (
        "Un soleil, et la couleur moyenne de la photo de partout, si la scène n’a pas de lumières à elle",
        "Eine Sonne, und die mittlere Farbe des Fotos von überall, wenn die Szene keine eigenen Lichter hat",
        "Un sol, y el color medio de la foto desde todas partes, si la escena no tiene luces propias",
        "シーンにライトがないとき、太陽と、写真の平均の色の環境光を加えます",
        "场景没有自己的灯光时，加入太阳光和照片平均颜色的环境光",
    ),
}
# fmt: on
