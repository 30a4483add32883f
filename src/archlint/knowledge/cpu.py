"""Calls known to keep a processor busy for longer than an event loop should be held up.

Password hashing is slow on purpose; the rest parses, renders, encodes or infers. Calls whose cost is all
in the size of their input and usually small (json, csv, regular expressions) are not listed. What reads a
path as well as bytes in memory is ``C`` alone; ``B`` is added where a download, a program or a model file
is waited for in any case.
"""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

FUNCTIONS: dict[str, str] = {
    # password hashing
    "bcrypt.hashpw": "C -> bytes", "bcrypt.kdf": "C -> bytes",
    "bcrypt.checkpw": "C -> bool",
    "werkzeug.security.generate_password_hash": "C -> str",
    "werkzeug.security.check_password_hash": "C -> bool",
    "django.contrib.auth.hashers.make_password": "C -> str",
    "django.contrib.auth.hashers.check_password": "C -> bool",
    "django.contrib.auth.hashers.acheck_password": "A -> bool",
    "flask_bcrypt.generate_password_hash": "C -> str",
    "flask_bcrypt.check_password_hash": "C -> bool",
    "argon2.hash_password": "C", "argon2.hash_password_raw": "C", "argon2.verify_password": "C",
    "argon2.low_level.hash_secret": "C", "argon2.low_level.verify_secret": "C",
    "argon2.low_level.hash_secret_raw": "C",
    "nacl.pwhash.str": "C -> bytes", "nacl.pwhash.argon2id.kdf": "C -> bytes",
    "nacl.pwhash.scrypt.kdf": "C -> bytes", "Crypto.Protocol.KDF.PBKDF2": "C -> bytes",
    "Crypto.Protocol.KDF.scrypt": "C -> bytes", "Crypto.Protocol.KDF.bcrypt": "C -> bytes",
    "nacl.pwhash.verify": "C", "crypt.crypt": "C",
    "cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key": "C",
    "Crypto.PublicKey.RSA.generate": "C", "rsa.newkeys": "C",
    # tables
    "pandas.read_csv": "C -> pandas.DataFrame", "pandas.read_excel": "C -> pandas.DataFrame",
    "pandas.read_json": "C -> pandas.DataFrame", "pandas.read_parquet": "C -> pandas.DataFrame",
    "pandas.read_feather": "C -> pandas.DataFrame", "pandas.read_hdf": "C -> pandas.DataFrame",
    "pandas.read_html": "C -> pandas.DataFrame", "pandas.read_xml": "C -> pandas.DataFrame",
    "pandas.read_table": "C -> pandas.DataFrame", "pandas.read_fwf": "C -> pandas.DataFrame",
    "pandas.read_orc": "C -> pandas.DataFrame", "pandas.read_stata": "C -> pandas.DataFrame",
    "pandas.read_sas": "C -> pandas.DataFrame", "pandas.read_spss": "C -> pandas.DataFrame",
    "pandas.read_pickle": "C -> pandas.DataFrame",
    "pandas.read_sql": "BQ -> pandas.DataFrame", "pandas.read_sql_query": "BQ -> pandas.DataFrame",
    "pandas.read_sql_table": "BQ -> pandas.DataFrame", "pandas.read_gbq": "BQ -> pandas.DataFrame",
    "polars.read_csv": "C -> polars.DataFrame", "polars.read_excel": "C -> polars.DataFrame",
    "polars.read_json": "C -> polars.DataFrame", "polars.read_parquet": "C -> polars.DataFrame",
    "polars.read_ipc": "C -> polars.DataFrame", "polars.read_ndjson": "C -> polars.DataFrame",
    "polars.read_avro": "C -> polars.DataFrame", "polars.read_database": "C -> polars.DataFrame",
    "polars.scan_csv": "-> polars.LazyFrame", "polars.scan_parquet": "-> polars.LazyFrame",
    "polars.scan_ndjson": "-> polars.LazyFrame", "polars.scan_ipc": "-> polars.LazyFrame",
    "pyarrow.parquet.read_table": "C", "pyarrow.parquet.write_table": "C",
    "pyarrow.csv.read_csv": "C", "pyarrow.csv.write_csv": "C",
    "dask.dataframe.read_csv": "C", "dask.dataframe.read_parquet": "C",
    "geopandas.read_file": "C -> pandas.DataFrame", "geopandas.read_parquet": "C -> pandas.DataFrame",
    "numpy.load": "BF", "numpy.save": "BF", "numpy.savez": "BF", "numpy.savez_compressed": "BF",
    "numpy.loadtxt": "BF", "numpy.savetxt": "BF", "numpy.genfromtxt": "BF", "numpy.fromfile": "BF",
    "scipy.io.loadmat": "C", "scipy.io.savemat": "C",
    "scipy.optimize.minimize": "C", "scipy.optimize.curve_fit": "C",
    "scipy.optimize.differential_evolution": "C", "scipy.optimize.linprog": "C", "scipy.optimize.milp": "C",
    "openpyxl.load_workbook": "C -> openpyxl.Workbook",
    "xlrd.open_workbook": "C",
    "tabula.read_pdf": "BC",
    "camelot.read_pdf": "BC",
    # images, video, sound
    "PIL.Image.open": "-> PIL.Image.Image", "PIL.Image.new": "-> PIL.Image.Image",
    "PIL.Image.fromarray": "-> PIL.Image.Image", "PIL.Image.frombytes": "-> PIL.Image.Image",
    "PIL.Image.merge": "-> PIL.Image.Image", "PIL.Image.blend": "-> PIL.Image.Image",
    "PIL.ImageOps.fit": "C -> PIL.Image.Image", "PIL.ImageOps.contain": "C -> PIL.Image.Image",
    "PIL.ImageOps.cover": "C -> PIL.Image.Image", "PIL.ImageOps.pad": "C -> PIL.Image.Image",
    "PIL.ImageOps.exif_transpose": "C -> PIL.Image.Image",
    "cv2.imread": "BC", "cv2.imwrite": "BC",
    "cv2.imdecode": "C", "cv2.imencode": "C", "cv2.resize": "C", "cv2.bilateralFilter": "C",
    "cv2.fastNlMeansDenoising": "C",
    "skimage.io.imread": "C", "skimage.io.imsave": "C",
    # plots
    "matplotlib.pyplot.savefig": "C", "matplotlib.pyplot.figure": "-> matplotlib.figure.Figure",
    "matplotlib.pyplot.gcf": "-> matplotlib.figure.Figure",
    "matplotlib.pyplot.subplots": "-> tuple[matplotlib.figure.Figure, ?]",
    "plotly.express.area": "-> plotly.graph_objects.Figure", "plotly.express.bar": "-> plotly.graph_objects.Figure",
    "plotly.express.box": "-> plotly.graph_objects.Figure", "plotly.express.histogram": "-> plotly.graph_objects.Figure",
    "plotly.express.imshow": "-> plotly.graph_objects.Figure", "plotly.express.line": "-> plotly.graph_objects.Figure",
    "plotly.express.pie": "-> plotly.graph_objects.Figure", "plotly.express.scatter": "-> plotly.graph_objects.Figure",
    "plotly.io.to_image": "BC -> bytes", "plotly.io.write_image": "BC",
    "skimage.transform.resize": "C", "skimage.transform.rescale": "C", "skimage.transform.rotate": "C",
    "imageio.imread": "C", "imageio.imwrite": "C", "imageio.mimread": "C", "imageio.mimwrite": "C",
    "imageio.get_reader": "C", "imageio.get_writer": "C",
    "imageio.v3.imread": "C", "imageio.v3.imwrite": "C",
    "pytesseract.image_to_string": "BC", "pytesseract.image_to_data": "BC",
    "pytesseract.image_to_boxes": "BC", "pytesseract.image_to_pdf_or_hocr": "BC",
    "pytesseract.image_to_osd": "BC",
    "pdf2image.convert_from_path": "BC", "pdf2image.convert_from_bytes": "BC",
    "librosa.load": "C",
    "soundfile.read": "BF", "soundfile.write": "BF",
    "torchaudio.load": "BC", "torchaudio.save": "BC",
    "ffmpeg.run": "B", "ffmpeg.probe": "B",
    "rembg.remove": "C",
    "imagehash.average_hash": "C", "imagehash.phash": "C", "imagehash.dhash": "C", "imagehash.whash": "C",
    "face_recognition.face_encodings": "C", "face_recognition.face_locations": "C",
    "pyzbar.pyzbar.decode": "C",
    "moviepy.editor.AudioFileClip": "BC", "moviepy.editor.concatenate_videoclips": "BC",
    # documents
    "fitz.open": "C -> fitz.Document",
    "pymupdf.open": "C -> fitz.Document",
    "pymupdf4llm.to_markdown": "C",
    "pdfplumber.open": "C -> pdfplumber.pdf.PDF",
    "pdfminer.high_level.extract_text": "C", "pdfminer.high_level.extract_pages": "C",
    "pdfminer.high_level.extract_text_to_fp": "C",
    "docx.Document": "C -> docx.document.Document",
    "docx2txt.process": "C",
    "docx2pdf.convert": "BC",
    "mammoth.convert_to_html": "C", "mammoth.convert_to_markdown": "C", "mammoth.extract_raw_text": "C",
    "pptx.Presentation": "C",
    "unstructured.partition.auto.partition": "BC",
    "unstructured.partition.pdf.partition_pdf": "BC",
    "unstructured.partition.docx.partition_docx": "BC",
    "unstructured.partition.html.partition_html": "BC",
    "pdfkit.from_url": "BC", "pdfkit.from_file": "BC", "pdfkit.from_string": "BC",
    "xhtml2pdf.pisa.CreatePDF": "C", "xhtml2pdf.pisa.pisaDocument": "C",
    "imgkit.from_url": "BC", "imgkit.from_file": "BC", "imgkit.from_string": "BC",
    "pypandoc.convert_file": "BC", "pypandoc.convert_text": "BC", "pypandoc.download_pandoc": "BC",
    "tika.parser.from_file": "B", "tika.parser.from_buffer": "B",
    "textract.process": "BC",
    "trafilatura.extract": "C",
    "pikepdf.open": "C",
    # models
    "torch.load": "BC", "torch.save": "BC",
    "torch.hub.load": "BC",
    "torch.jit.load": "BC",
    "tensorflow.keras.models.load_model": "BC -> tensorflow.keras.Model",
    "keras.models.load_model": "BC -> tensorflow.keras.Model",
    "keras.load_model": "BC -> tensorflow.keras.Model",
    "transformers.pipeline": "BC -> transformers.Pipeline",
    # Loaded once for each name, and kept by the library.
    "tiktoken.get_encoding": "-> tiktoken.Encoding",
    "tiktoken.encoding_for_model": "-> tiktoken.Encoding",
    "spacy.load": "BC -> spacy.Language",
    "nltk.download": "B",
    "whisper.load_model": "BC -> whisper.Whisper",
    "whisper.transcribe": "BC", "whisper.load_audio": "BC",
    "gensim.downloader.load": "BC",
    "gensim.models.KeyedVectors.load_word2vec_format": "BC", "gensim.models.Word2Vec.load": "BC",
    "faiss.read_index": "BF", "faiss.write_index": "BF",
    "joblib.load": "BC",
    "sklearn.model_selection.cross_val_score": "C", "sklearn.model_selection.cross_validate": "C",
    "stanza.Pipeline": "BC", "stanza.download": "BC",
}

CLASSES: dict[str, dict[str, str]] = {
    # models
    "passlib.context.CryptContext": {
        "hash": "C -> str", "encrypt": "C -> str",
        "verify": "C -> bool",
        "verify_and_update": "C", "hash_and_update": "C", "dummy_verify": "C",
        "<init>": "", "needs_update": "", "identify": "",
    },
    "argon2.PasswordHasher": {
        "hash": "C -> str",
        "verify": "C -> bool",
        "<init>": "", "check_needs_rehash": "",
    },
    "passlib.hash.bcrypt": {
        "hash": "C -> str", "encrypt": "C -> str",
        "verify": "C -> bool",
        "using": "-> passlib.hash.bcrypt",
    },
    "passlib.hash.argon2": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "passlib.hash.pbkdf2_sha256": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "passlib.hash.pbkdf2_sha512": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "passlib.hash.sha256_crypt": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "passlib.hash.sha512_crypt": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "passlib.hash.bcrypt_sha256": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "passlib.hash.scrypt": {
        "<bases>": "passlib.hash.bcrypt",
    },
    "pwdlib.PasswordHash": {
        "hash": "C -> str",
        "verify": "C -> bool",
        "verify_and_update": "C -> tuple[bool, str]",
        "recommended": "-> pwdlib.PasswordHash",
    },
    "pwdlib.hashers.argon2.Argon2Hasher": {
        "hash": "C -> str",
        "verify": "C -> bool",
    },
    "pwdlib.hashers.bcrypt.BcryptHasher": {
        "<bases>": "pwdlib.hashers.argon2.Argon2Hasher",
    },
    "flask_bcrypt.Bcrypt": {
        "generate_password_hash": "C -> str",
        "check_password_hash": "C -> bool",
        "<init>": "", "init_app": "",
    },
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC": {
        "<init>": "",
        "derive": "C -> bytes",
        "verify": "C",
    },
    "cryptography.hazmat.primitives.kdf.scrypt.Scrypt": {
        "<init>": "",
        "derive": "C -> bytes",
        "verify": "C",
    },
    "cryptography.hazmat.primitives.kdf.argon2.Argon2id": {
        "<init>": "",
        "derive": "C -> bytes",
        "verify": "C",
    },
    "fastapi_users.password.PasswordHelper": {
        "verify_and_update": "C", "hash": "C",
        "generate": "",
    },
    # tables
    "pandas.DataFrame": {
        "to_csv": "C", "to_excel": "C", "to_parquet": "C", "to_feather": "C", "to_hdf": "C",
        "to_pickle": "C", "to_orc": "C", "to_stata": "C",
        "to_gbq": "BQWM",
        "to_sql": "BQWM",
        "merge": "-> $self", "explode": "-> $self", "sort_values": "-> $self",
        "drop_duplicates": "-> $self", "describe": "-> $self", "query": "-> $self", "assign": "-> $self",
        "drop": "-> $self",
        "copy": "-> $self", "head": "-> $self", "tail": "-> $self", "fillna": "-> $self",
        "dropna": "-> $self", "rename": "-> $self", "reset_index": "-> $self", "set_index": "-> $self",
        "astype": "-> $self",
    },
    "pandas.ExcelWriter": {
        "<enter>": "-> $self",
        "close": "C", "save": "C", "__exit__": "C",
    },
    "pandas.ExcelFile": {
        "<init>": "C",
        "parse": "C -> pandas.DataFrame",
    },
    "polars.DataFrame": {
        "write_csv": "C", "write_excel": "C", "write_parquet": "C", "write_json": "C", "write_ipc": "C",
        "write_database": "BQWM",
        "join": "-> $self", "pivot": "-> $self", "sort": "-> $self", "unique": "-> $self",
        "filter": "-> $self", "select": "-> $self", "with_columns": "-> $self",
        "lazy": "-> polars.LazyFrame",
    },
    "polars.LazyFrame": {
        "collect": "C -> polars.DataFrame",
        "filter": "-> $self", "select": "-> $self", "with_columns": "-> $self", "group_by": "-> $self",
        "agg": "-> $self", "join": "-> $self", "sort": "-> $self", "head": "-> $self", "limit": "-> $self",
    },
    "openpyxl.Workbook": {
        "<init>": "", "create_sheet": "", "close": "",
        "save": "C",
        "<getitem>": "-> $self",
    },
    "xlsxwriter.Workbook": {
        "<enter>": "-> $self",
        "<init>": "", "add_worksheet": "", "add_format": "",
        "close": "C", "__exit__": "C",
    },
    # images, video, sound
    "PIL.Image.Image": {
        "<enter>": "-> $self", "copy": "-> $self",
        # decoding happens here, not in open
        "resize": "C -> PIL.Image.Image", "rotate": "C -> PIL.Image.Image",
        "transform": "C -> PIL.Image.Image", "convert": "C -> PIL.Image.Image",
        "filter": "C -> PIL.Image.Image", "quantize": "C -> PIL.Image.Image",
        "effect_spread": "C -> PIL.Image.Image",
        "thumbnail": "C", "load": "C", "save": "C",
        "close": "", "show": "", "verify": "", "getpixel": "", "putpixel": "", "paste": "", "seek": "",
        "tell": "", "getexif": "", "putalpha": "", "getbbox": "",
        "@size": "-> tuple[int, int]",
        "@width": "-> int", "@height": "-> int",
        "@mode": "-> str", "@format": "-> str",
    },
    "cv2.VideoCapture": {
        "<init>": "BC", "read": "BC", "grab": "BC", "retrieve": "BC",
        "release": "", "isOpened": "", "set": "", "get": "",
    },
    "cv2.VideoWriter": {
        "<init>": "BC", "write": "BC",
        "release": "",
    },
    "moviepy.editor.VideoFileClip": {
        "<init>": "BC", "write_videofile": "BC", "write_audiofile": "BC", "save_frame": "BC",
        "write_gif": "BC",
        "subclip": "-> $self", "resize": "-> $self", "set_audio": "-> $self", "<enter>": "-> $self",
        "close": "",
    },
    "pydub.AudioSegment": {
        "from_file": "BC -> pydub.AudioSegment", "from_mp3": "BC -> pydub.AudioSegment",
        "from_wav": "BC -> pydub.AudioSegment", "from_ogg": "BC -> pydub.AudioSegment",
        "export": "BC",
    },
    "qrcode.QRCode": {
        "<init>": "", "add_data": "",
        "make": "C", "make_image": "C",
    },
    # documents
    "pypdf.PdfReader": {
        "<init>": "C",
        "@pages": "-> list[pypdf.PageObject]",
        "decrypt": "C",
        "@metadata": "-> ?",
    },
    "pypdf.PageObject": {
        "extract_text": "C -> str",
        "merge_page": "C",
    },
    "pypdf.PdfWriter": {
        "<init>": "", "add_page": "",
        "write": "C", "append": "C",
    },
    "fitz.Document": {
        "<enter>": "-> $self",
        "<iter>": "-> fitz.Page", "load_page": "-> fitz.Page", "<getitem>": "-> fitz.Page",
        "save": "C", "tobytes": "C", "write": "C", "convert_to_pdf": "C", "get_page_text": "C",
        "close": "",
    },
    "fitz.Page": {
        "get_text": "C -> str",
        "get_pixmap": "C", "find_tables": "C", "search_for": "C", "get_images": "C",
    },
    "pdfplumber.pdf.PDF": {
        "<enter>": "-> $self",
        "@pages": "-> list[pdfplumber.page.Page]",
        "close": "",
    },
    "pdfplumber.page.Page": {
        "extract_text": "C -> str",
        "extract_tables": "C", "extract_table": "C", "extract_words": "C", "to_image": "C",
    },
    "docx.document.Document": {
        "save": "C",
        "add_paragraph": "", "add_heading": "", "add_table": "",
    },
    "weasyprint.HTML": {
        "<init>": "",
        "render": "C", "write_pdf": "C", "write_png": "C",
    },
    "reportlab.platypus.SimpleDocTemplate": {
        "<init>": "",
        "build": "C",
    },
    "reportlab.pdfgen.canvas.Canvas": {
        "save": "C",
    },
    "fpdf.FPDF": {
        "output": "C",
    },
    "markitdown.MarkItDown": {
        "convert": "BC", "convert_stream": "BC", "convert_local": "BC", "convert_uri": "BC",
        "convert_url": "BC",
    },
    "docling.document_converter.DocumentConverter": {
        "convert": "BC", "convert_all": "BC",
    },
    "docxtpl.DocxTemplate": {
        "<init>": "C", "save": "C", "render": "C",
    },
    "langchain_text_splitters.TextSplitter": {
        "split_text": "C", "split_documents": "C", "create_documents": "C", "transform_documents": "C",
    },
    "langchain_text_splitters.RecursiveCharacterTextSplitter": {
        "<bases>": "langchain_text_splitters.TextSplitter",
    },
    "langchain_text_splitters.CharacterTextSplitter": {
        "<bases>": "langchain_text_splitters.TextSplitter",
    },
    "langchain_text_splitters.MarkdownTextSplitter": {
        "<bases>": "langchain_text_splitters.TextSplitter",
    },
    "langchain_text_splitters.TokenTextSplitter": {
        "<bases>": "langchain_text_splitters.TextSplitter",
    },
    "llama_index.core.node_parser.SentenceSplitter": {
        # The tokenizer is loaded once, by the first of them.
        "<init>": "",
        "split_text": "C", "split_texts": "C", "get_nodes_from_documents": "C",
    },
    "llama_index.core.node_parser.TokenTextSplitter": {
        "<bases>": "llama_index.core.node_parser.SentenceSplitter",
    },
    "llama_index.core.node_parser.SentenceWindowNodeParser": {
        "<bases>": "llama_index.core.node_parser.SentenceSplitter",
    },
    "llama_index.core.node_parser.SemanticSplitterNodeParser": {
        "<bases>": "llama_index.core.node_parser.SentenceSplitter",
    },
    "llama_index.core.node_parser.MarkdownNodeParser": {
        "get_nodes_from_documents": "C",
    },
    "chonkie.TokenChunker": {
        "<init>": "BC",
        "chunk": "C", "<call>": "C",
    },
    "chonkie.SentenceChunker": {
        "<bases>": "chonkie.TokenChunker",
    },
    "chonkie.SemanticChunker": {
        "<bases>": "chonkie.TokenChunker",
    },
    "chonkie.RecursiveChunker": {
        "<bases>": "chonkie.TokenChunker",
    },
    # plots
    "matplotlib.figure.Figure": {"savefig": "C", "clf": "", "clear": "", "add_subplot": "-> ?"},
    "plotly.graph_objects.Figure": {"to_image": "BC -> bytes", "write_image": "BC", "to_json": "-> str", "to_html": "-> str"},
    "wordcloud.WordCloud": {
        "generate": "C -> $self", "generate_from_text": "C -> $self", "generate_from_frequencies": "C -> $self",
        "to_image": "-> PIL.Image.Image",
    },
    # solvers
    "ortools.sat.python.cp_model.CpSolver": {"solve": "C", "Solve": "C"},
    "pulp.LpProblem": {"solve": "BC -> int"},
    "cvxpy.Problem": {"solve": "C -> float"},
    # models
    "sklearn.base.BaseEstimator": {
        "fit": "C", "predict": "C", "predict_proba": "C", "fit_predict": "C", "fit_transform": "C",
        "transform": "C", "score": "C", "decision_function": "C", "partial_fit": "C",
    },
    "sklearn.linear_model.LogisticRegression": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.linear_model.LinearRegression": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.linear_model.Ridge": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.ensemble.RandomForestClassifier": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.ensemble.RandomForestRegressor": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.ensemble.GradientBoostingClassifier": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.ensemble.GradientBoostingRegressor": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.ensemble.IsolationForest": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.cluster.KMeans": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.cluster.DBSCAN": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.decomposition.PCA": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.svm.SVC": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.neighbors.NearestNeighbors": {
        "<bases>": "sklearn.base.BaseEstimator",
        "kneighbors": "C",
    },
    "sklearn.manifold.TSNE": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.feature_extraction.text.TfidfVectorizer": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.feature_extraction.text.CountVectorizer": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.pipeline.Pipeline": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "sklearn.model_selection.GridSearchCV": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "xgboost.XGBClassifier": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "xgboost.XGBRegressor": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "lightgbm.LGBMClassifier": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "lightgbm.LGBMRegressor": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "catboost.CatBoostClassifier": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "umap.UMAP": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "hdbscan.HDBSCAN": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "prophet.Prophet": {
        "<bases>": "sklearn.base.BaseEstimator",
    },
    "transformers.Pipeline": {
        "<call>": "C",
    },
    "transformers.PreTrainedModel": {
        "from_pretrained": "BC -> $cls",
        "generate": "C", "<call>": "C", "forward": "C",
        "save_pretrained": "BF",
        "to": "-> $self", "eval": "-> $self", "train": "-> $self", "half": "-> $self",
    },
    "transformers.AutoModel": {
        "from_pretrained": "BC -> transformers.PreTrainedModel",
    },
    "transformers.AutoModelForCausalLM": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoModelForSeq2SeqLM": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoModelForSequenceClassification": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoModelForTokenClassification": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoModelForMaskedLM": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoModelForImageClassification": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoModelForSpeechSeq2Seq": {
        "<bases>": "transformers.AutoModel",
    },
    "transformers.AutoTokenizer": {
        "from_pretrained": "BC -> transformers.PreTrainedTokenizer",
    },
    "transformers.PreTrainedTokenizer": {
        "from_pretrained": "BC -> $cls",
        "encode": "", "decode": "", "batch_decode": "", "tokenize": "", "apply_chat_template": "",
        "convert_tokens_to_ids": "", "<call>": "",
    },
    "transformers.AutoProcessor": {
        "from_pretrained": "BC",
    },
    "diffusers.DiffusionPipeline": {
        "from_pretrained": "BC -> diffusers.DiffusionPipeline",
        "<call>": "C",
        "to": "-> $self",
    },
    "diffusers.StableDiffusionPipeline": {
        "<bases>": "diffusers.DiffusionPipeline",
    },
    "sentence_transformers.SentenceTransformer": {
        "<init>": "BC",
        "encode": "C", "encode_multi_process": "C", "similarity": "C",
    },
    "sentence_transformers.CrossEncoder": {
        "<init>": "BC",
        "predict": "C", "rank": "C",
    },
    "fastembed.TextEmbedding": {
        "<init>": "BC",
        "embed": "C", "query_embed": "C", "passage_embed": "C",
    },
    "FlagEmbedding.BGEM3FlagModel": {
        "<init>": "BC",
        "encode": "C",
    },
    "tokenizers.Tokenizer": {
        "from_pretrained": "BC -> tokenizers.Tokenizer", "from_file": "BC -> tokenizers.Tokenizer",
        "encode": "", "decode": "",
    },
    "tiktoken.Encoding": {
        "encode": "-> list[int]", "encode_ordinary": "-> list[int]",
        "decode": "-> str",
    },
    "tensorflow.keras.Model": {
        "fit": "C", "predict": "C", "evaluate": "C", "<call>": "C",
        "save": "BC", "load_weights": "BC", "save_weights": "BC",
    },
    "onnxruntime.InferenceSession": {
        "<init>": "BC",
        "run": "C",
    },
    "llama_cpp.Llama": {
        "<init>": "BC",
        "<call>": "C", "create_completion": "C", "create_chat_completion": "C", "create_embedding": "C",
        "embed": "C",
    },
    "vllm.LLM": {
        "<init>": "BC",
        "generate": "C", "chat": "C", "encode": "C",
    },
    "ctranslate2.Translator": {
        "<init>": "BC",
        "translate_batch": "C",
    },
    "spacy.Language": {
        "<call>": "C", "pipe": "C",
    },
    "whisper.Whisper": {
        "transcribe": "C",
    },
    "faster_whisper.WhisperModel": {
        "<init>": "BC",
        "transcribe": "C",
    },
    "ultralytics.YOLO": {
        "<init>": "BC",
        "<call>": "C", "predict": "C", "train": "C", "track": "C",
    },
    "easyocr.Reader": {
        "<init>": "BC",
        "readtext": "C",
    },
    "paddleocr.PaddleOCR": {
        "<init>": "BC",
        "ocr": "C", "predict": "C",
    },
    "deepface.DeepFace": {
        "analyze": "C", "verify": "C", "represent": "C", "find": "C",
    },
    "fasttext.FastText": {
        "predict": "C",
    },
}

ALIASES: dict[str, str] = {
    "plotly.graph_objs.Figure": "plotly.graph_objects.Figure", "pulp.pulp.LpProblem": "pulp.LpProblem",
    # models
    "PyPDF2.PdfReader": "pypdf.PdfReader", "PyPDF2.PdfFileReader": "pypdf.PdfReader",
    "pypdf.PdfFileReader": "pypdf.PdfReader", "PyPDF4.PdfFileReader": "pypdf.PdfReader",
    "PyPDF2.PdfWriter": "pypdf.PdfWriter", "PyPDF2.PdfFileWriter": "pypdf.PdfWriter",
    "pypdf._reader.PdfReader": "pypdf.PdfReader",
    "pymupdf.Document": "fitz.Document",
    "pymupdf.Page": "fitz.Page",
    "docx.api.Document": "docx.Document",
    "openpyxl.reader.excel.load_workbook": "openpyxl.load_workbook",
    "openpyxl.workbook.Workbook": "openpyxl.Workbook",
    "langchain.text_splitter": "langchain_text_splitters",
    "llama_index.core.node_parser.text.SentenceSplitter": "llama_index.core.node_parser.SentenceSplitter",
    "llama_index.node_parser.SentenceSplitter": "llama_index.core.node_parser.SentenceSplitter",
    "llama_index.core.text_splitter.SentenceSplitter": "llama_index.core.node_parser.SentenceSplitter",
    "llama_index.core.text_splitter.TokenTextSplitter": "llama_index.core.node_parser.TokenTextSplitter",
    "pandas.core.frame.DataFrame": "pandas.DataFrame", "geopandas.GeoDataFrame": "pandas.DataFrame",
    "moviepy.VideoFileClip": "moviepy.editor.VideoFileClip",
    "moviepy.video.io.VideoFileClip.VideoFileClip": "moviepy.editor.VideoFileClip",
    "transformers.pipelines.pipeline": "transformers.pipeline",
    "transformers.PreTrainedTokenizerFast": "transformers.PreTrainedTokenizer",
    "transformers.PreTrainedTokenizerBase": "transformers.PreTrainedTokenizer",
    "keras.Model": "tensorflow.keras.Model", "tf_keras.Model": "tensorflow.keras.Model",
    "keras.saving.load_model": "keras.load_model",
    "argon2._password_hasher.PasswordHasher": "argon2.PasswordHasher",
}
