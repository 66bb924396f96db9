# ruff: noqa: RUF001 (signs of these languages look like ASCII)
"""The add-on's words in other languages, through Blender's own mechanism.

One row for each English text: French, German, Spanish, Japanese, Simplified Chinese. What the backend says (warnings,
errors) is English: it names words of the prompt, files and settings.
"""

from __future__ import annotations

import bpy

from . import translations_builds, translations_models, translations_options, translations_remote, translations_stage
from .core import words

LOCALES = ("fr_FR", "de_DE", "es", "ja_JP", "zh_HANS")

# fmt: off
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    # --- buttons
    "Generate": ("Générer", "Erzeugen", "Generar", "生成", "生成"),
    "Pause": ("Pause", "Pause", "Pausar", "一時停止", "暂停"),
    "Continue": ("Continuer", "Weiter", "Continuar", "続行", "继续"),
    "Cancel": ("Annuler", "Abbrechen", "Cancelar", "キャンセル", "取消"),
    "Resume": ("Reprendre", "Fortsetzen", "Reanudar", "再開", "恢复"),
    "Try Again": ("Réessayer", "Erneut versuchen", "Reintentar", "再試行", "重试"),
    "Start": ("Démarrer", "Starten", "Iniciar", "開始", "开始"),
    "Import": ("Importer", "Importieren", "Importar", "読み込む", "导入"),
    "Import Again": ("Réimporter", "Erneut importieren", "Importar de nuevo", "再度読み込む", "再次导入"),
    "Another Seed": ("Autre graine", "Anderer Startwert", "Otra semilla", "別のシード", "换一个种子"),
    "Edit Prompt": ("Modifier le texte", "Text bearbeiten", "Editar texto", "プロンプトを編集", "编辑提示词"),
    "Delete": ("Supprimer", "Löschen", "Eliminar", "削除", "删除"),
    "Undo": ("Annuler", "Rückgängig", "Deshacer", "元に戻す", "撤销"),
    "Show Log": ("Voir le journal", "Protokoll zeigen", "Ver registro", "ログを表示", "查看日志"),
    "Open Folder": ("Ouvrir le dossier", "Ordner öffnen", "Abrir carpeta", "フォルダーを開く", "打开文件夹"),
    "Restart": ("Redémarrer", "Neu starten", "Reiniciar", "再起動", "重启"),
    "Open Preferences": ("Ouvrir les préférences", "Einstellungen öffnen", "Abrir preferencias", "設定を開く", "打开偏好设置"),
    "Copy": ("Copier", "Kopieren", "Copiar", "コピー", "复制"),
    # --- titles of operators, as the search finds them
    "Cancel Job": ("Annuler la tâche", "Auftrag abbrechen", "Cancelar tarea", "ジョブをキャンセル", "取消任务"),
    "Pause Job": ("Mettre la tâche en pause", "Auftrag anhalten", "Pausar tarea", "ジョブを一時停止", "暂停任务"),
    "Continue Job": ("Continuer la tâche", "Auftrag weiterführen", "Continuar tarea", "ジョブを続行", "继续任务"),
    "Resume Job": ("Reprendre la tâche", "Auftrag fortsetzen", "Reanudar tarea", "ジョブを再開", "恢复任务"),
    "Import Result": ("Importer le résultat", "Ergebnis importieren", "Importar resultado", "結果を読み込む", "导入结果"),
    "Check Backend": ("Vérifier le moteur", "Backend prüfen", "Comprobar el motor", "バックエンドを確認", "检查后端"),
    "New Seed": ("Nouvelle graine", "Neuer Startwert", "Nueva semilla", "新しいシード", "新种子"),
    "Delete Job": ("Supprimer la tâche", "Auftrag löschen", "Eliminar tarea", "ジョブを削除", "删除任务"),
    "Undo Delete Job": ("Rétablir la tâche", "Löschen des Auftrags rückgängig", "Recuperar tarea", "ジョブの削除を元に戻す", "撤销删除任务"),
    "History Page": ("Page de l’historique", "Seite des Verlaufs", "Página del historial", "履歴のページ", "历史页"),
    "DreamFusion Log": ("Journal DreamFusion", "DreamFusion-Protokoll", "Registro de DreamFusion", "DreamFusion ログ", "DreamFusion 日志"),
    "Restart DreamFusion": ("Redémarrer DreamFusion", "DreamFusion neu starten", "Reiniciar DreamFusion", "DreamFusion を再起動", "重启 DreamFusion"),
    # --- what operators do
    "Make an object from the prompt. It arrives at the 3D cursor when it is ready": (
        "Crée un objet à partir du texte. Il arrive au curseur 3D dès qu’il est prêt",
        "Macht aus dem Text ein Objekt. Es erscheint am 3D-Cursor, sobald es fertig ist",
        "Crea un objeto a partir del texto. Llega al cursor 3D cuando está listo",
        "プロンプトからオブジェクトを作ります。完成すると 3D カーソルの位置に置かれます",
        "根据提示词制作物体，完成后放在 3D 游标处",
    ),
    "Stop this job. What it has learnt is kept, so it can be resumed": (
        "Arrête cette tâche. Ce qu’elle a appris est gardé : elle peut être reprise",
        "Hält diesen Auftrag an. Das Gelernte bleibt, er kann fortgesetzt werden",
        "Detiene esta tarea. Lo aprendido se conserva y se puede reanudar",
        "このジョブを止めます。学習した内容は残り、再開できます",
        "停止此任务。已学到的内容会保留，可以恢复",
    ),
    "Let the job rest after its step, and leave the computer to other work": (
        "Laisse la tâche se reposer après son pas et libère l’ordinateur",
        "Lässt den Auftrag nach seinem Schritt ruhen und überlässt den Rechner anderer Arbeit",
        "Deja descansar la tarea tras su paso y libera el ordenador",
        "現在のステップの後でジョブを休ませ、コンピューターを他の作業に空けます",
        "在当前步骤后暂停任务，把计算机让给其他工作",
    ),
    "Go on with the paused job": (
        "Continue la tâche en pause", "Führt den angehaltenen Auftrag weiter", "Continúa la tarea pausada",
        "一時停止中のジョブを続けます", "继续已暂停的任务",
    ),
    "Go on from the last checkpoint": (
        "Reprend au dernier point de contrôle", "Geht vom letzten Zwischenstand weiter",
        "Continúa desde el último punto guardado", "最後のチェックポイントから続けます", "从最后一个检查点继续",
    ),
    "Bring the finished object to the 3D cursor of this scene": (
        "Amène l’objet terminé au curseur 3D de cette scène",
        "Holt das fertige Objekt an den 3D-Cursor dieser Szene",
        "Trae el objeto terminado al cursor 3D de esta escena",
        "完成したオブジェクトをこのシーンの 3D カーソルに置きます",
        "将完成的物体放到此场景的 3D 游标处",
    ),
    "Ask the backend whether it has everything, and whether this scene's model fits into the memory; the answer appears below": (
        "Demande au moteur s’il a tout et si le modèle de cette scène tient en mémoire ; la réponse s’affiche dessous",
        "Fragt das Backend, ob alles da ist und ob das Modell dieser Szene in den Speicher passt; die Antwort erscheint darunter",
        "Pregunta al motor si lo tiene todo y si el modelo de esta escena cabe en la memoria; la respuesta aparece debajo",
        "バックエンドに必要なものが揃っているか、このシーンのモデルがメモリに収まるかを尋ねます。答えは下に表示されます",
        "询问后端是否齐全，以及此场景的模型能否装入内存，结果显示在下方",
    ),
    "This scene has no job: press Generate first.": (
        "Cette scène n’a pas de tâche : cliquez d’abord sur Générer.",
        "Diese Szene hat keinen Auftrag: erst Erzeugen drücken.",
        "Esta escena no tiene tareas: pulse primero Generar.",
        "このシーンにはジョブがありません。先に「生成」を押してください。",
        "此场景没有任务：请先按“生成”。",
    ),
    "Another seed makes another object from the same words": (
        "Une autre graine donne un autre objet avec les mêmes mots",
        "Ein anderer Startwert macht aus denselben Worten ein anderes Objekt",
        "Otra semilla crea otro objeto con las mismas palabras",
        "シードを変えると同じ言葉から別のオブジェクトができます",
        "换一个种子，用同样的词得到另一个物体",
    ),
    "Make this object again with another seed: same words, another shape": (
        "Refait cet objet avec une autre graine : mêmes mots, autre forme",
        "Macht dieses Objekt noch einmal mit anderem Startwert: dieselben Worte, eine andere Form",
        "Vuelve a crear este objeto con otra semilla: mismas palabras, otra forma",
        "別のシードでもう一度作ります。言葉は同じで形が変わります",
        "用另一个种子再做一次：词相同，形状不同",
    ),
    "Put the job's words and settings into the fields above, to change them and press Generate": (
        "Met le texte et les réglages de la tâche dans les champs ci-dessus, pour les modifier et générer",
        "Setzt Text und Einstellungen des Auftrags in die Felder oben, um sie zu ändern und neu zu erzeugen",
        "Pone el texto y los ajustes de la tarea en los campos de arriba, para cambiarlos y generar",
        "ジョブの言葉と設定を上の欄に入れます。変更して生成できます",
        "将任务的提示词和设置填入上方，修改后可再生成",
    ),
    "Delete the job and all its files. It can be brought back for a week": (
        "Supprime la tâche et ses fichiers. Elle peut être rétablie pendant une semaine",
        "Löscht den Auftrag mit allen Dateien. Er kann eine Woche lang zurückgeholt werden",
        "Elimina la tarea y sus archivos. Se puede recuperar durante una semana",
        "ジョブとそのファイルを削除します。1 週間は元に戻せます",
        "删除任务及其所有文件，一周内可以恢复",
    ),
    "The job and its files can be brought back for a week.": (
        "La tâche et ses fichiers peuvent être rétablis pendant une semaine.",
        "Auftrag und Dateien können eine Woche lang zurückgeholt werden.",
        "La tarea y sus archivos se pueden recuperar durante una semana.",
        "ジョブとそのファイルは 1 週間は元に戻せます。",
        "任务及其文件在一周内可以恢复。",
    ),
    "Bring the job back that was deleted last": (
        "Rétablit la dernière tâche supprimée", "Holt den zuletzt gelöschten Auftrag zurück",
        "Recupera la última tarea eliminada", "最後に削除したジョブを元に戻します", "恢复最近删除的任务",
    ),
    "Leaf through the history": (
        "Feuillette l’historique", "Blättert im Verlauf", "Hojea el historial", "履歴をめくります", "翻阅历史",
    ),
    "Show the end of what the backend wrote": (
        "Montre la fin de ce que le moteur a écrit", "Zeigt das Ende dessen, was das Backend geschrieben hat",
        "Muestra el final de lo que escribió el motor", "バックエンドの出力の末尾を表示します", "显示后端输出的末尾",
    ),
    "Put the log on the clipboard": (
        "Copie le journal dans le presse-papiers", "Legt das Protokoll in die Zwischenablage",
        "Copia el registro en el portapapeles", "ログをクリップボードにコピーします", "将日志复制到剪贴板",
    ),
    "Open the folder in the system's file browser": (
        "Ouvre le dossier dans l’explorateur du système", "Öffnet den Ordner im Dateiverwalter des Systems",
        "Abre la carpeta en el explorador del sistema", "システムのファイルブラウザーでフォルダーを開きます",
        "在系统文件浏览器中打开文件夹",
    ),
    "Open this add-on's preferences": (
        "Ouvre les préférences de cette extension", "Öffnet die Einstellungen dieser Erweiterung",
        "Abre las preferencias de esta extensión", "このアドオンの設定を開きます", "打开此插件的偏好设置",
    ),
    "Forget everything about this session and look at all jobs anew. Jobs go on meanwhile": (
        "Oublie cette session et relit toutes les tâches. Les tâches continuent entre-temps",
        "Vergisst diese Sitzung und sieht alle Aufträge neu durch. Aufträge laufen derweil weiter",
        "Olvida esta sesión y vuelve a leer todas las tareas. Las tareas continúan mientras tanto",
        "このセッションの情報を忘れ、すべてのジョブを読み直します。ジョブは続行します",
        "忘记本次会话并重新读取所有任务。任务会继续进行",
    ),
    # --- panels
    "History": ("Historique", "Verlauf", "Historial", "履歴", "历史"),
    "Advanced": ("Avancé", "Erweitert", "Avanzado", "詳細", "高级"),
    "Without": ("Sans", "Ohne", "Sin", "含めない", "不含"),
    "A red mushroom": ("A red mushroom (en anglais)", "A red mushroom (auf Englisch)", "A red mushroom (en inglés)", "A red mushroom（英語で）", "A red mushroom（用英文）"),
    "No jobs yet": ("Aucune tâche", "Noch keine Aufträge", "Aún no hay tareas", "ジョブはまだありません", "还没有任务"),
    "No job has these words": (
        "Aucune tâche ne contient ces mots", "Kein Auftrag enthält diese Worte", "Ninguna tarea tiene esas palabras",
        "一致するジョブはありません", "没有匹配的任务",
    ),
    # --- how a job stands
    "Loading the model": ("Chargement du modèle", "Das Modell wird geladen", "Cargando el modelo", "モデルを読み込み中", "正在加载模型"),
    "Sculpting": ("Sculpture", "Formen", "Esculpiendo", "造形中", "正在塑形"),
    "Making the mesh": ("Création du maillage", "Das Netz entsteht", "Creando la malla", "メッシュを作成中", "正在生成网格"),
    "Painting the texture": ("Peinture de la texture", "Die Textur wird gemalt", "Pintando la textura", "テクスチャを描画中", "正在绘制纹理"),
    "Refining the object": ("Affinage de l’objet", "Das Objekt wird verfeinert", "Refinando el objeto", "オブジェクトを仕上げ中", "正在细化物体"),
    "Saving the object": ("Enregistrement de l’objet", "Das Objekt wird gespeichert", "Guardando el objeto", "オブジェクトを保存中", "正在保存物体"),
    "Waiting": ("En attente", "Wartet", "En espera", "待機中", "等待中"),
    "Waiting for the job before it": (
        "Attend la tâche précédente", "Wartet auf den Auftrag davor", "Espera a la tarea anterior",
        "前のジョブを待っています", "正在等待前一个任务",
    ),
    "Waiting: {count} jobs before it": (
        "En attente : {count} tâches avant elle", "Wartet: {count} Aufträge davor", "En espera: {count} tareas antes",
        "待機中: 前に {count} 件", "等待中：前面有 {count} 个任务",
    ),
    "Starting the backend": ("Démarrage du moteur", "Das Backend startet", "Iniciando el motor", "バックエンドを起動中", "正在启动后端"),
    "(longer than usual: see its log)": (
        "(plus long que d’habitude : voir le journal)", "(länger als gewöhnlich: siehe Protokoll)",
        "(más de lo normal: vea el registro)", "（通常より長い: ログを確認）", "（比平时久：请查看日志）",
    ),
    "Working": ("En cours", "In Arbeit", "Trabajando", "作業中", "进行中"),
    "Pausing after this step": (
        "Pause après ce pas", "Hält nach diesem Schritt an", "Pausa tras este paso", "このステップの後で一時停止", "此步骤后暂停",
    ),
    "Paused": ("En pause", "Angehalten", "En pausa", "一時停止中", "已暂停"),
    "Cancelling": ("Annulation", "Wird abgebrochen", "Cancelando", "キャンセル中", "正在取消"),
    "Done": ("Terminé", "Fertig", "Listo", "完了", "完成"),
    "Failed": ("Échec", "Fehlgeschlagen", "Error", "失敗", "失败"),
    "Cancelled": ("Annulé", "Abgebrochen", "Cancelada", "キャンセル済み", "已取消"),
    "Stopped unexpectedly": ("Arrêt inattendu", "Unerwartet beendet", "Detenida de forma inesperada", "予期せず停止", "意外停止"),
    "Done, ready to import": (
        "Terminé, prêt à importer", "Fertig, kann importiert werden", "Listo para importar", "完了、読み込めます", "完成，可导入",
    ),
    "Done, bringing it into the scene": (
        "Terminé, arrive dans la scène", "Fertig, kommt in die Szene", "Listo, llega a la escena", "完了、シーンに追加中", "完成，正在放入场景",
    ),
    "Done, waits until you are back in Object Mode": (
        "Terminé, attend votre retour en mode Objet", "Fertig, wartet auf den Objektmodus",
        "Listo, espera a que vuelva al modo Objeto", "完了、オブジェクトモードに戻るのを待っています", "完成，等待返回物体模式",
    ),
    "Done, in the scene": ("Terminé, dans la scène", "Fertig, in der Szene", "Listo, en la escena", "完了、シーンにあります", "完成，已在场景中"),
    "Done, but the import failed": (
        "Terminé, mais l’import a échoué", "Fertig, aber der Import schlug fehl", "Listo, pero falló la importación",
        "完了、読み込みに失敗しました", "完成，但导入失败",
    ),
    "Step {step} of {total}": ("Pas {step} sur {total}", "Schritt {step} von {total}", "Paso {step} de {total}", "ステップ {step} / {total}", "第 {step} 步，共 {total} 步"),
    "about {time} left": ("environ {time} restantes", "noch etwa {time}", "quedan unos {time}", "残り約 {time}", "剩余约 {time}"),
    "seed {seed}": ("graine {seed}", "Startwert {seed}", "semilla {seed}", "シード {seed}", "种子 {seed}"),
    "Failed without saying why: see the log.": (
        "Échec sans explication : voir le journal.", "Fehlgeschlagen ohne Begründung: siehe Protokoll.",
        "Falló sin decir por qué: vea el registro.", "理由なしに失敗しました。ログを確認してください。", "失败且未说明原因：请查看日志。",
    ),
    '"{prompt}" is deleted.': (
        "« {prompt} » est supprimé.", "„{prompt}“ ist gelöscht.", "«{prompt}» se ha eliminado.", "「{prompt}」を削除しました。", "“{prompt}”已删除。",
    ),
    "The add-on met an error ({error}): restart it. Jobs go on meanwhile.": (
        "L’extension a rencontré une erreur ({error}) : redémarrez-la. Les tâches continuent entre-temps.",
        "Die Erweiterung stieß auf einen Fehler ({error}): starten Sie sie neu. Aufträge laufen derweil weiter.",
        "La extensión encontró un error ({error}): reiníciela. Las tareas continúan mientras tanto.",
        "アドオンでエラーが発生しました（{error}）。再起動してください。ジョブは続行します。",
        "插件遇到错误（{error}）：请重启它。任务会继续进行。",
    ),
    # --- fields
    "Prompt": ("Texte", "Text", "Texto", "プロンプト", "提示词"),
    "One object in plain words, such as 'a red mushroom'": (
        "Un objet en mots simples, en anglais, comme « a red mushroom »",
        "Ein Objekt in einfachen Worten, auf Englisch, etwa „a red mushroom“",
        "Un objeto en palabras sencillas, en inglés, como «a red mushroom»",
        "一つの物を簡単な英語で。例: a red mushroom",
        "用简单的英文描述一个物体，例如 a red mushroom",
    ),
    "Negative Prompt": ("Texte négatif", "Negativer Text", "Texto negativo", "ネガティブプロンプト", "反向提示词"),
    "What the object should not look like; may stay empty": (
        "Ce à quoi l’objet ne doit pas ressembler ; peut rester vide",
        "Wie das Objekt nicht aussehen soll; darf leer bleiben",
        "A qué no debe parecerse el objeto; puede quedar vacío",
        "避けたい見た目。空でも構いません",
        "物体不应有的样子；可以留空",
    ),
    "Preset": ("Préréglage", "Vorgabe", "Ajuste predefinido", "プリセット", "预设"),
    "How much time to spend on how much detail": (
        "Combien de temps pour combien de détails", "Wie viel Zeit für wie viele Einzelheiten",
        "Cuánto tiempo dedicar a cuánto detalle", "どれだけの時間でどれだけ細かく作るか", "用多少时间换取多少细节",
    ),
    "Seed": ("Graine", "Startwert", "Semilla", "シード", "种子"),
    "The same prompt, preset and seed make the same object again; another seed makes another one": (
        "Mêmes texte, préréglage et graine refont le même objet ; une autre graine en fait un autre",
        "Gleicher Text, gleiche Vorgabe und gleicher Startwert machen dasselbe Objekt; ein anderer Startwert ein anderes",
        "El mismo texto, ajuste y semilla crean el mismo objeto; otra semilla crea otro",
        "プロンプト、プリセット、シードが同じなら同じ物ができ、シードを変えると別の物ができます",
        "相同的提示词、预设和种子会得到相同的物体；换种子则得到另一个",
    ),
    "Variations": ("Variantes", "Varianten", "Variaciones", "バリエーション", "变体"),
    "How many objects to make, one after the other, each with the next seed. They stand side by side": (
        "Combien d’objets créer l’un après l’autre, chacun avec la graine suivante. Ils se tiennent côte à côte",
        "Wie viele Objekte nacheinander entstehen, jedes mit dem nächsten Startwert. Sie stehen nebeneinander",
        "Cuántos objetos crear, uno tras otro, cada uno con la semilla siguiente. Quedan uno junto a otro",
        "順に作る数。それぞれ次のシードを使い、横に並べて置かれます",
        "依次制作多少个物体，每个使用下一个种子，并排放置",
    ),
    "Overrides": ("Surcharges", "Abweichungen", "Cambios", "上書き設定", "覆盖设置"),
    "Settings over the preset, as 'group.name=value', several with commas between": (
        "Réglages prioritaires sur le préréglage, « groupe.nom=valeur », séparés par des virgules",
        "Einstellungen über die Vorgabe hinaus, als „Gruppe.Name=Wert“, mehrere durch Kommas getrennt",
        "Ajustes sobre el predefinido, como «grupo.nombre=valor», separados por comas",
        "プリセットを上書きする設定。「group.name=value」の形で、複数はコンマで区切ります",
        "覆盖预设的设置，格式为 group.name=value，多个用逗号分隔",
    ),
    "Search": ("Rechercher", "Suchen", "Buscar", "検索", "搜索"),
    "Words of the prompt, the state, the date or the seed of the jobs to show": (
        "Mots du texte, état, date ou graine des tâches à montrer",
        "Worte des Textes, Zustand, Datum oder Startwert der Aufträge, die gezeigt werden sollen",
        "Palabras del texto, estado, fecha o semilla de las tareas que mostrar",
        "表示するジョブのプロンプト、状態、日付、シード",
        "要显示的任务的提示词、状态、日期或种子",
    ),
    # --- preferences
    "Backend's Python": ("Python du moteur", "Python des Backends", "Python del motor", "バックエンドの Python", "后端的 Python"),
    "The python program of the environment that has the backend's requirements. Empty means the one that Install Backend made. The environment variable DREAMFUSION_PYTHON sets the default": (
        "Le programme python de l’environnement qui contient ce dont le moteur a besoin. Vide : celui que « Installer le moteur » a créé. La variable d’environnement DREAMFUSION_PYTHON fixe la valeur par défaut",
        "Das Programm python der Umgebung, die alles hat, was das Backend braucht. Leer: die von „Backend installieren“. Die Umgebungsvariable DREAMFUSION_PYTHON setzt den Vorgabewert",
        "El programa python del entorno que tiene lo que necesita el motor. Vacío: el que creó «Instalar motor». La variable de entorno DREAMFUSION_PYTHON fija el valor inicial",
        "バックエンドに必要なものが入った環境の python プログラム。空なら「バックエンドをインストール」が作ったもの。環境変数 DREAMFUSION_PYTHON が既定値になります",
        "具备后端所需依赖的环境中的 python 程序。留空则使用“安装后端”所建的环境。环境变量 DREAMFUSION_PYTHON 设定默认值",
    ),
    "Offline Packages": ("Paquets hors ligne", "Pakete ohne Netz", "Paquetes sin conexión", "オフラインパッケージ", "离线软件包"),
    "A folder with the backend's packages as wheels, to install without a network; usually empty": (
        "Un dossier avec les paquets du moteur (wheels), pour installer sans réseau ; vide d’ordinaire",
        "Ein Ordner mit den Paketen des Backends als Wheels, um ohne Netz zu installieren; sonst leer",
        "Una carpeta con los paquetes del motor (wheels), para instalar sin red; normalmente vacía",
        "ネットワークなしで入れるための、バックエンドの wheel が入ったフォルダー。通常は空です",
        "存放后端 wheel 软件包的文件夹，用于无网络安装；通常留空",
    ),
    # --- installing the backend
    "Install": ("Installer", "Installieren", "Instalar", "インストール", "安装"),
    "Install Backend": ("Installer le moteur", "Backend installieren", "Instalar motor", "バックエンドをインストール", "安装后端"),
    "Update Backend": ("Mettre à jour le moteur", "Backend aktualisieren", "Actualizar motor", "バックエンドを更新", "更新后端"),
    "Repair Backend": ("Réparer le moteur", "Backend reparieren", "Reparar motor", "バックエンドを修復", "修复后端"),
    "Remove Backend": ("Supprimer le moteur", "Backend entfernen", "Quitar motor", "バックエンドを削除", "移除后端"),
    "Cancel Installation": ("Annuler l’installation", "Installation abbrechen", "Cancelar instalación", "インストールをキャンセル", "取消安装"),
    "Install what the backend needs, PyTorch above all, outside of Blender. Shows what, from where and to where, and asks": (
        "Installe ce dont le moteur a besoin, surtout PyTorch, hors de Blender. Montre quoi, d’où et où, puis demande",
        "Installiert außerhalb von Blender, was das Backend braucht, vor allem PyTorch. Zeigt was, woher und wohin, und fragt",
        "Instala fuera de Blender lo que necesita el motor, sobre todo PyTorch. Muestra qué, de dónde y adónde, y pregunta",
        "バックエンドに必要なもの（主に PyTorch）を Blender の外に入れます。内容、入手元、保存先を示して確認します",
        "在 Blender 之外安装后端所需内容（主要是 PyTorch）。会先显示内容、来源和位置并询问",
    ),
    "End the installation. What was fetched is kept: installing again goes on from there": (
        "Arrête l’installation. Ce qui a été obtenu est gardé : réinstaller continue de là",
        "Beendet die Installation. Was geholt ist, bleibt: erneutes Installieren geht von dort weiter",
        "Detiene la instalación. Lo obtenido se conserva: al instalar de nuevo, continúa desde ahí",
        "インストールを終えます。取得済みのものは残り、再インストールでそこから続けます",
        "结束安装。已获取的内容会保留，再次安装时从那里继续",
    ),
    "Delete the installed backend. Jobs and their objects stay": (
        "Supprime le moteur installé. Les tâches et leurs objets restent",
        "Löscht das installierte Backend. Aufträge und ihre Objekte bleiben",
        "Elimina el motor instalado. Las tareas y sus objetos permanecen",
        "インストールしたバックエンドを削除します。ジョブとオブジェクトは残ります",
        "删除已安装的后端。任务及其物体会保留",
    ),
    "PyTorch {version} {build} and {count} smaller packages, under their own free licences (BSD, Apache, MIT and the like).": (
        "PyTorch {version} {build} et {count} petits paquets, sous leurs licences libres (BSD, Apache, MIT, etc.).",
        "PyTorch {version} {build} und {count} kleinere Pakete unter ihren freien Lizenzen (BSD, Apache, MIT und ähnliche).",
        "PyTorch {version} {build} y {count} paquetes menores, con sus licencias libres (BSD, Apache, MIT, etc.).",
        "PyTorch {version}（{build}）と {count} の小さなパッケージ。それぞれの自由なライセンス（BSD、Apache、MIT など）に従います。",
        "PyTorch {version}（{build}）和 {count} 个较小的软件包，遵循各自的自由许可证（BSD、Apache、MIT 等）。",
    ),
    "for processors": ("pour processeurs", "für Prozessoren", "para procesadores", "プロセッサー用", "用于处理器"),
    "for NVIDIA's cards (CUDA)": (
        "pour cartes NVIDIA (CUDA)", "für Karten von NVIDIA (CUDA)", "para tarjetas NVIDIA (CUDA)", "NVIDIA カード用 (CUDA)", "用于 NVIDIA 显卡 (CUDA)",
    ),
    "for Apple's GPUs (Metal)": (
        "pour GPU Apple (Metal)", "für GPUs von Apple (Metal)", "para GPU de Apple (Metal)", "Apple GPU 用 (Metal)", "用于 Apple GPU (Metal)",
    ),
    "Size: about 1.6 GB on the disk.": (
        "Taille : environ 1,6 Go sur le disque.", "Größe: etwa 1,6 GB auf der Festplatte.", "Tamaño: alrededor de 1,6 GB en el disco.",
        "サイズ: ディスク上で約 1.6 GB。", "大小：磁盘上约 1.6 GB。",
    ),
    "Size: several GB on the disk, with NVIDIA's libraries under its licence.": (
        "Taille : plusieurs Go sur le disque, avec les bibliothèques de NVIDIA sous sa licence.",
        "Größe: mehrere GB auf der Festplatte, mit Bibliotheken von NVIDIA unter deren Lizenz.",
        "Tamaño: varios GB en el disco, con las bibliotecas de NVIDIA bajo su licencia.",
        "サイズ: ディスク上で数 GB。NVIDIA のライブラリ（同社のライセンス）を含みます。",
        "大小：磁盘上数 GB，包含遵循 NVIDIA 许可证的 NVIDIA 库。",
    ),
    "From: {place}": ("Depuis : {place}", "Von: {place}", "Desde: {place}", "入手元: {place}", "来源：{place}"),
    "To: {place}": ("Vers : {place}", "Nach: {place}", "A: {place}", "保存先: {place}", "位置：{place}"),
    "An installation is under way.": (
        "Une installation est en cours.", "Eine Installation läuft bereits.", "Hay una instalación en curso.",
        "インストール中です。", "安装正在进行。",
    ),
    "Blender may not go online: allow it in the preferences (System, Network), or name a folder of wheels.": (
        "Blender ne peut pas aller en ligne : autorisez-le dans les préférences (Système, Réseau) ou indiquez un dossier de wheels.",
        "Blender darf nicht ins Netz: erlauben Sie es in den Einstellungen (System, Netzwerk), oder nennen Sie einen Ordner mit Wheels.",
        "Blender no puede conectarse: permítalo en las preferencias (Sistema, Red) o indique una carpeta de wheels.",
        "Blender はオンラインに接続できません。設定（システム、ネットワーク）で許可するか、wheel のフォルダーを指定してください。",
        "Blender 不能联网：请在偏好设置（系统、网络）中允许，或指定 wheel 文件夹。",
    ),
    "Jobs Folder": ("Dossier des tâches", "Auftragsordner", "Carpeta de tareas", "ジョブフォルダー", "任务文件夹"),
    "Jobs, previews and finished meshes are kept here, one folder each, for all Blender versions. The environment variable DREAMFUSION_JOBS sets the default": (
        "Tâches, aperçus et maillages terminés sont gardés ici, un dossier chacun, pour toutes les versions de Blender. La variable d’environnement DREAMFUSION_JOBS fixe la valeur par défaut",
        "Aufträge, Vorschauen und fertige Netze liegen hier, je ein Ordner, für alle Blender-Versionen. Die Umgebungsvariable DREAMFUSION_JOBS setzt den Vorgabewert",
        "Aquí se guardan tareas, vistas previas y mallas, una carpeta cada una, para todas las versiones de Blender. La variable de entorno DREAMFUSION_JOBS fija el valor inicial",
        "ジョブ、プレビュー、完成したメッシュを、それぞれのフォルダーに、すべての Blender バージョン共通で保存します。環境変数 DREAMFUSION_JOBS が既定値になります",
        "任务、预览和完成的网格保存在这里，每个一个文件夹，供所有 Blender 版本使用。环境变量 DREAMFUSION_JOBS 设定默认值",
    ),
    "On Quitting Blender": ("En quittant Blender", "Beim Beenden von Blender", "Al salir de Blender", "Blender の終了時", "退出 Blender 时"),
    "What becomes of the jobs that still run when Blender is closed or the add-on is disabled": (
        "Ce que deviennent les tâches en cours quand Blender est fermé ou l’extension désactivée",
        "Was aus laufenden Aufträgen wird, wenn Blender geschlossen oder die Erweiterung abgeschaltet wird",
        "Qué pasa con las tareas en curso cuando se cierra Blender o se desactiva la extensión",
        "Blender の終了時やアドオンの無効化時に、実行中のジョブをどうするか",
        "关闭 Blender 或停用插件时，如何处理仍在运行的任务",
    ),
    "Jobs Go On": ("Les tâches continuent", "Aufträge laufen weiter", "Las tareas continúan", "ジョブを続ける", "任务继续"),
    "The backend finishes them; the next start of Blender finds them again": (
        "Le moteur les termine ; le prochain démarrage de Blender les retrouve",
        "Das Backend beendet sie; der nächste Start von Blender findet sie wieder",
        "El motor las termina; el próximo inicio de Blender las encuentra",
        "バックエンドが完了させ、次に Blender を起動すると見つかります",
        "后端会完成它们；下次启动 Blender 时会再次找到",
    ),
    "Jobs Stop": ("Les tâches s’arrêtent", "Aufträge halten an", "Las tareas se detienen", "ジョブを止める", "任务停止"),
    "The backend is ended. What it has learnt is kept, and the jobs can be resumed": (
        "Le moteur est arrêté. Ce qu’il a appris est gardé et les tâches peuvent être reprises",
        "Das Backend wird beendet. Das Gelernte bleibt, und die Aufträge können fortgesetzt werden",
        "El motor se detiene. Lo aprendido se conserva y las tareas se pueden reanudar",
        "バックエンドを終了します。学習した内容は残り、ジョブは再開できます",
        "后端会结束。已学到的内容会保留，任务可以恢复",
    ),
}
# fmt: on
TEXTS |= translations_stage.TEXTS | translations_models.TEXTS | translations_remote.TEXTS | translations_options.TEXTS
TEXTS |= translations_builds.TEXTS


def register() -> None:
    # Buttons and operators are looked up in a context of theirs.
    contexts = ("*", "Operator", words.CONTEXT)
    table = {
        locale: {(context, text): rows[column] for text, rows in TEXTS.items() for context in contexts}
        for column, locale in enumerate(LOCALES)
    }
    bpy.app.translations.register(__package__, table)
    words.use(lambda text: bpy.app.translations.pgettext_iface(text, words.CONTEXT))


def unregister() -> None:
    words.use(None)
    bpy.app.translations.unregister(__package__)
