# ruff: noqa: RUF001 (signs of these languages look like ASCII)
"""The words around jobs that run on another host, in other languages; see `translations`."""

from __future__ import annotations

# fmt: off
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    "Its copy on {host} stays there.": (
        "Sa copie sur {host} y reste.",
        "Seine Kopie auf {host} bleibt dort.",
        "Su copia en {host} se queda allí.",
        "{host} にあるコピーはそのまま残ります。",
        "{host} 上的副本会保留。",
    ),
    "Run On": ("Exécuter sur", "Ausführen auf", "Ejecutar en", "実行場所", "运行于"),
    "Where new jobs run. Those that run already stay where they are": (
        "Où s’exécutent les nouvelles tâches. Celles en cours restent où elles sont",
        "Wo neue Aufträge laufen. Was schon läuft, bleibt, wo es ist",
        "Dónde se ejecutan las tareas nuevas. Las que ya están en curso se quedan donde están",
        "新しいジョブを実行する場所。実行中のジョブはそのまま続きます",
        "新任务在哪里运行。已在运行的任务留在原处",
    ),
    "This Computer": ("Cet ordinateur", "Dieser Rechner", "Este equipo", "このコンピューター", "本机"),
    "The backend of this computer makes the objects": (
        "Le moteur de cet ordinateur crée les objets",
        "Das Backend dieses Rechners macht die Objekte",
        "El motor de este equipo crea los objetos",
        "このコンピューターのバックエンドがオブジェクトを作ります",
        "由本机的后端制作物体",
    ),
    "Remote Host": ("Hôte distant", "Entfernter Rechner", "Equipo remoto", "リモートホスト", "远程主机"),
    "A computer that you reach with ssh makes them, and they arrive here": (
        "Un ordinateur que vous joignez par ssh les crée, et ils arrivent ici",
        "Ein Rechner, den Sie mit ssh erreichen, macht sie, und sie kommen hier an",
        "Los crea un equipo al que accede con ssh, y llegan aquí",
        "ssh で接続できるコンピューターが作り、ここに届きます",
        "由您通过 ssh 连接的计算机制作，完成后送到这里",
    ),
    "As you name it after ssh: me@gpu-box, or an alias of your ssh configuration. The login must work without a password": (
        "Comme vous le nommez après ssh : moi@gpu-box, ou un alias de votre configuration ssh. La connexion doit fonctionner sans mot de passe",
        "Wie Sie ihn nach ssh nennen: ich@gpu-box, oder ein Alias Ihrer ssh-Konfiguration. Die Anmeldung muss ohne Passwort gehen",
        "Como lo nombra después de ssh: yo@gpu-box, o un alias de su configuración de ssh. El acceso debe funcionar sin contraseña",
        "ssh の後に書く名前です。me@gpu-box、または ssh 設定の別名。パスワードなしでログインできる必要があります",
        "与 ssh 之后所写的相同：me@gpu-box，或 ssh 配置中的别名。必须无需密码即可登录",
    ),
    "Folder There": ("Dossier là-bas", "Ordner dort", "Carpeta allí", "ホストのフォルダー", "主机上的文件夹"),
    "The folder on that host that holds the backend: a checkout of this project, or the installed extension": (
        "Le dossier de cet hôte qui contient le moteur : une copie de ce projet, ou l’extension installée",
        "Der Ordner auf jenem Rechner, der das Backend enthält: ein Checkout dieses Projekts oder die installierte Erweiterung",
        "La carpeta de ese equipo que contiene el motor: una copia de este proyecto o la extensión instalada",
        "そのホストでバックエンドがあるフォルダー。このプロジェクトのチェックアウト、またはインストール済みの拡張機能",
        "该主机上含有后端的文件夹：本项目的检出，或已安装的扩展",
    ),
    "Python There": ("Python là-bas", "Python dort", "Python allí", "ホストの Python", "主机上的 Python"),
    "The python program on that host that has the backend's requirements. Empty means the one that build.py has made in the folder there": (
        "Le programme python de cet hôte qui a les dépendances du moteur. Vide : celui que build.py a créé dans le dossier là-bas",
        "Das python-Programm auf jenem Rechner, das die Pakete des Backends hat. Leer: das, das build.py dort im Ordner gemacht hat",
        "El programa python de ese equipo que tiene los requisitos del motor. Vacío: el que build.py creó en la carpeta de allí",
        "そのホストで、バックエンドの必要パッケージがある python。空なら、そこのフォルダーに build.py が作ったもの",
        "该主机上装有后端依赖的 python 程序。留空表示 build.py 在那里的文件夹中创建的那个",
    ),
    "Jobs There": ("Tâches là-bas", "Aufträge dort", "Tareas allí", "ホストのジョブ", "主机上的任务"),
    "The folder for jobs on that host. Empty means the one that its own jobs go to": (
        "Le dossier des tâches sur cet hôte. Vide : celui de ses propres tâches",
        "Der Ordner für Aufträge auf jenem Rechner. Leer: der, in den seine eigenen gehen",
        "La carpeta de tareas en ese equipo. Vacío: la de sus propias tareas",
        "そのホストのジョブ用フォルダー。空なら、ホスト自身のジョブと同じ場所",
        "该主机上的任务文件夹。留空表示其自身任务所在的文件夹",
    ),
    "No connection to {host}: trying again": (
        "Pas de connexion à {host} : nouvel essai", "Keine Verbindung zu {host}: neuer Versuch", "Sin conexión con {host}: reintentando",
        "{host} に接続できません。再試行中", "无法连接 {host}：正在重试",
    ),
    "on {host}": ("sur {host}", "auf {host}", "en {host}", "{host} で", "在 {host} 上"),
}
# fmt: on
