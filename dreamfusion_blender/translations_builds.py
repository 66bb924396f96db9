# ruff: noqa: RUF001 (signs of these languages look like ASCII)
"""The words around the builds of PyTorch, in other languages; see `translations`."""

from __future__ import annotations

# fmt: off
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    "PyTorch Build": ("Version de PyTorch", "PyTorch-Build", "Compilación de PyTorch", "PyTorch のビルド", "PyTorch 构建"),
    "Which build of PyTorch Install Backend brings. After a change, install again": (
        "Quelle version de PyTorch « Installer le moteur » apporte. Après un changement, réinstallez",
        "Welchen Build von PyTorch „Backend installieren“ bringt. Nach einer Änderung erneut installieren",
        "Qué compilación de PyTorch trae «Instalar motor». Tras un cambio, instale de nuevo",
        "「バックエンドをインストール」で入れる PyTorch のビルド。変えたら、もう一度インストールしてください",
        "“安装后端”所安装的 PyTorch 构建。更改后请重新安装",
    ),
    "Automatic": ("Automatique", "Automatisch", "Automático", "自動", "自动"),
    "The one that fits: for the card that this computer has, or for processors": (
        "Celle qui convient : pour la carte de cet ordinateur, ou pour processeurs",
        "Der passende: für die Karte dieses Rechners, oder für Prozessoren",
        "La que conviene: para la tarjeta de este equipo, o para procesadores",
        "適したもの。このコンピューターのカード用、またはプロセッサー用です",
        "适合本机的构建：用于本机的显卡，或用于处理器",
    ),
    "CPU Only": ("Processeur seul", "Nur Prozessor", "Solo procesador", "CPU のみ", "仅 CPU"),
    "The small one for processors, which works everywhere": (
        "La petite, pour processeurs, qui fonctionne partout",
        "Der kleine für Prozessoren, der überall läuft",
        "La pequeña, para procesadores, que funciona en todas partes",
        "プロセッサー用の小さなもの。どこでも動きます",
        "用于处理器的小型构建，处处可用",
    ),
    "NVIDIA (CUDA)": ("NVIDIA (CUDA)", "NVIDIA (CUDA)", "NVIDIA (CUDA)", "NVIDIA (CUDA)", "NVIDIA (CUDA)"),
    "For NVIDIA's cards since GeForce GTX 16 and RTX 20, with a driver of version 580 or newer": (
        "Pour les cartes NVIDIA depuis les GeForce GTX 16 et RTX 20, avec un pilote 580 ou plus récent",
        "Für Karten von NVIDIA ab GeForce GTX 16 und RTX 20, mit einem Treiber ab Version 580",
        "Para tarjetas NVIDIA desde GeForce GTX 16 y RTX 20, con un controlador 580 o posterior",
        "GeForce GTX 16、RTX 20 以降の NVIDIA カード用。バージョン 580 以降のドライバーが必要です",
        "用于 GeForce GTX 16、RTX 20 及更新的 NVIDIA 显卡，驱动版本需为 580 或更高",
    ),
    "AMD (ROCm)": ("AMD (ROCm)", "AMD (ROCm)", "AMD (ROCm)", "AMD (ROCm)", "AMD (ROCm)"),
    "For AMD's cards that ROCm 7.2 knows (Radeon RX 6800 to 9000, Instinct), with AMD's driver. It is large": (
        "Pour les cartes AMD que ROCm 7.2 connaît (Radeon RX 6800 à 9000, Instinct), avec le pilote AMD. Elle est volumineuse",
        "Für Karten von AMD, die ROCm 7.2 kennt (Radeon RX 6800 bis 9000, Instinct), mit dem Treiber von AMD. Er ist groß",
        "Para tarjetas AMD que ROCm 7.2 conoce (Radeon RX 6800 a 9000, Instinct), con el controlador de AMD. Es grande",
        "ROCm 7.2 が対応する AMD カード用（Radeon RX 6800～9000、Instinct）。AMD のドライバーが必要で、サイズは大きめです",
        "用于 ROCm 7.2 支持的 AMD 显卡（Radeon RX 6800 至 9000、Instinct），需要 AMD 驱动。体积较大",
    ),
    "for AMD's cards (ROCm)": (
        "pour cartes AMD (ROCm)", "für Karten von AMD (ROCm)", "para tarjetas AMD (ROCm)", "AMD カード用 (ROCm)", "用于 AMD 显卡 (ROCm)",
    ),
    "Installed: PyTorch {version} {build}": (
        "Installé : PyTorch {version} {build}",
        "Installiert: PyTorch {version} {build}",
        "Instalado: PyTorch {version} {build}",
        "インストール済み: PyTorch {version}（{build}）",
        "已安装：PyTorch {version}（{build}）",
    ),
    "Size: about 7 GB to download and up to 20 GB on the disk, with AMD's libraries under its licences.": (
        "Taille : environ 7 Go à télécharger et jusqu’à 20 Go sur le disque, avec les bibliothèques d’AMD sous ses licences.",
        "Größe: etwa 7 GB zum Herunterladen und bis zu 20 GB auf der Festplatte, mit Bibliotheken von AMD unter deren Lizenzen.",
        "Tamaño: unos 7 GB de descarga y hasta 20 GB en el disco, con las bibliotecas de AMD bajo sus licencias.",
        "サイズ: ダウンロード約 7 GB、ディスク上で最大 20 GB。AMD のライブラリ（同社のライセンス）を含みます。",
        "大小：下载约 7 GB，磁盘上最多 20 GB，包含遵循 AMD 许可证的 AMD 库。",
    ),
    "PyTorch's own files are not checked against hashes, as this add-on knows none for this build: only where they come from vouches for them.": (
        "Les fichiers de PyTorch lui-même ne sont pas comparés à des empreintes, cette extension n’en connaissant pas pour cette version : seule leur provenance les garantit.",
        "Die Dateien von PyTorch selbst werden nicht mit Prüfsummen verglichen, da dieses Add-on für diesen Build keine kennt: nur ihre Herkunft bürgt für sie.",
        "Los archivos del propio PyTorch no se comparan con sumas de comprobación, pues esta extensión no las conoce para esta compilación: solo su procedencia responde por ellos.",
        "このビルドのハッシュをこのアドオンは持たないため、PyTorch 自体のファイルはハッシュと照合されません。保証するのは入手元だけです。",
        "本插件没有此构建的哈希值，因此 PyTorch 自身的文件不会核对哈希值：仅由其来源保证。",
    ),
    "Or choose CPU Only in the preferences, under PyTorch Build.": (
        "Ou choisissez « Processeur seul » dans les préférences, sous « Version de PyTorch ».",
        "Oder in den Einstellungen unter „PyTorch-Build“ „Nur Prozessor“ wählen.",
        "O elija «Solo procesador» en las preferencias, en «Compilación de PyTorch».",
        "または、設定の「PyTorch のビルド」で「CPU のみ」を選んでください。",
        "或在偏好设置的“PyTorch 构建”中选择“仅 CPU”。",
    ),
}
# fmt: on
