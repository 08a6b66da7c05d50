"""Every type the tool can name: its family, and the extensions that a name may claim for it.

A type that carries text (csv, markdown, code ...) accepts the extensions of plain text too: calling a CSV `.txt` is no deceit.
"""

from __future__ import annotations

from dataclasses import dataclass

from sdc_airlock.model.filetype import Family

TEXT_EXTENSIONS = frozenset({"", ".txt", ".text", ".dat", ".out", ".asc", ".data"})


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """A type: family, extensions that name it, words for people, and whether it is text underneath."""

    family: Family
    extensions: frozenset[str]
    words: str
    text: bool = False


def _type(family: Family, extensions: str, words: str, *, text: bool = False) -> TypeInfo:
    return TypeInfo(family, frozenset(extensions.split()), words, text)


F = Family
TYPES: dict[str, TypeInfo] = {
    "empty": _type(F.EMPTY, "", "empty file"),
    "unknown": _type(F.UNKNOWN, "", "unknown binary data"),
    "text": _type(F.TEXT, ".txt .text .me .readme", "plain text", text=True),
    "csv": _type(F.DELIMITED, ".csv .tsv .tab .psv .ssv .pheno .cov .csvy", "delimited text", text=True),
    "fixed_width": _type(F.DELIMITED, ".fwf .prn .lst", "fixed-width text", text=True),
    "arff": _type(F.DELIMITED, ".arff", "Weka ARFF", text=True),
    "json": _type(F.RECORDS, ".json .geojson .jsonstat .topojson .webmanifest", "JSON", text=True),
    "ndjson": _type(F.RECORDS, ".ndjson .jsonl .json", "one JSON record a line", text=True),
    "yaml": _type(F.RECORDS, ".yaml .yml", "YAML", text=True),
    "toml": _type(F.RECORDS, ".toml", "TOML", text=True),
    "ini": _type(F.RECORDS, ".ini .cfg .conf .properties .env", "configuration", text=True),
    "xml": _type(F.MARKUP, ".xml .xsd .xsl .pmml .rdf .kml", "XML", text=True),
    "html": _type(F.MARKUP, ".html .htm .xhtml", "HTML", text=True),
    "markdown": _type(F.MARKUP, ".md .markdown .rmd .qmd", "Markdown", text=True),
    "latex": _type(F.MARKUP, ".tex .ltx .sty .cls .bib", "LaTeX", text=True),
    "svg": _type(F.FIGURE, ".svg", "SVG figure", text=True),
    "code": _type(F.CODE, ".py .r .jl .do .sas .sps .sql .sh .pl .m .js .ts .c .h .cpp .java .rb .go .rs .bash .stan .wdl .nf .smk .cwl .ado .css .makefile .dockerfile", "source code", text=True),
    "log": _type(F.TEXT, ".log .out .err .smcl .lst", "log", text=True),
    "email": _type(F.TEXT, ".eml .mbox", "e-mail message", text=True),
    "notebook": _type(F.NOTEBOOK, ".ipynb", "Jupyter notebook", text=True),
    "xlsx": _type(F.SPREADSHEET, ".xlsx .xlsm .xltx .xltm", "Excel workbook"),
    "xlsb": _type(F.SPREADSHEET, ".xlsb", "Excel binary workbook"),
    "xls": _type(F.SPREADSHEET, ".xls .xlt", "Excel 97-2003 workbook"),
    "ods": _type(F.SPREADSHEET, ".ods", "OpenDocument spreadsheet"),
    "docx": _type(F.DOCUMENT, ".docx .docm .dotx", "Word document"),
    "pptx": _type(F.DOCUMENT, ".pptx .pptm .ppsx", "PowerPoint presentation"),
    "odt": _type(F.DOCUMENT, ".odt", "OpenDocument text"),
    "odp": _type(F.DOCUMENT, ".odp", "OpenDocument presentation"),
    "doc": _type(F.DOCUMENT, ".doc .dot", "Word 97-2003 document"),
    "ppt": _type(F.DOCUMENT, ".ppt", "PowerPoint 97-2003 presentation"),
    "ole": _type(F.DOCUMENT, ".msg .ole", "OLE compound document"),
    "rtf": _type(F.DOCUMENT, ".rtf", "rich text", text=True),
    "epub": _type(F.DOCUMENT, ".epub", "EPUB book"),
    "pdf": _type(F.DOCUMENT, ".pdf", "PDF document"),
    "eps": _type(F.FIGURE, ".eps .ps", "PostScript", text=True),
    "png": _type(F.FIGURE, ".png", "PNG image"),
    "jpeg": _type(F.FIGURE, ".jpg .jpeg .jpe", "JPEG image"),
    "gif": _type(F.FIGURE, ".gif", "GIF image"),
    "tiff": _type(F.FIGURE, ".tif .tiff", "TIFF image"),
    "webp": _type(F.FIGURE, ".webp", "WebP image"),
    "bmp": _type(F.FIGURE, ".bmp", "BMP image"),
    "zip": _type(F.ARCHIVE, ".zip .whl .jar", "zip archive"),
    "tar": _type(F.ARCHIVE, ".tar", "tar archive"),
    "7z": _type(F.ARCHIVE, ".7z", "7z archive"),
    "rar": _type(F.ARCHIVE, ".rar", "RAR archive"),
    "gzip": _type(F.COMPRESSED, ".gz .tgz .svgz .bgz", "gzip stream"),
    "bgzf": _type(F.COMPRESSED, ".gz .bgz .bgzf", "blocked gzip stream"),
    "bzip2": _type(F.COMPRESSED, ".bz2 .tbz .tbz2", "bzip2 stream"),
    "xz": _type(F.COMPRESSED, ".xz .txz .lzma", "xz stream"),
    "zstd": _type(F.COMPRESSED, ".zst .zstd .tzst", "Zstandard stream"),
    "lz4": _type(F.COMPRESSED, ".lz4", "LZ4 stream"),
    "parquet": _type(F.COLUMNAR, ".parquet .pq", "Parquet"),
    "arrow": _type(F.COLUMNAR, ".arrow .feather .ipc .arrows", "Arrow IPC"),
    "orc": _type(F.COLUMNAR, ".orc", "ORC"),
    "avro": _type(F.COLUMNAR, ".avro", "Avro"),
    "feather1": _type(F.COLUMNAR, ".feather", "Feather version 1"),
    "hdf5": _type(F.ARRAY, ".h5 .hdf5 .h5ad .loom .hdf .he5 .mat .nc .keras", "HDF5"),
    "netcdf": _type(F.ARRAY, ".nc .cdf", "NetCDF classic"),
    "npy": _type(F.ARRAY, ".npy", "NumPy array"),
    "npz": _type(F.ARRAY, ".npz", "NumPy arrays in a zip"),
    "mat": _type(F.ARRAY, ".mat", "MATLAB data"),
    "sqlite": _type(F.DATABASE, ".sqlite .sqlite3 .db .db3 .gpkg", "SQLite database"),
    "duckdb": _type(F.DATABASE, ".duckdb .db .ddb", "DuckDB database"),
    "dbf": _type(F.DATABASE, ".dbf", "dBase table"),
    "stata": _type(F.STATISTICAL, ".dta", "Stata data"),
    "sas7bdat": _type(F.STATISTICAL, ".sas7bdat", "SAS data"),
    "xport": _type(F.STATISTICAL, ".xpt .xport", "SAS transport file"),
    "spss": _type(F.STATISTICAL, ".sav .zsav", "SPSS data"),
    "spss_portable": _type(F.STATISTICAL, ".por", "SPSS portable file"),
    "rds": _type(F.STATISTICAL, ".rds .rda .rdata .rdx .rdb", "R serialized object"),
    "rdata": _type(F.STATISTICAL, ".rdata .rda .rds", "R workspace"),
    "pickle": _type(F.MODEL, ".pkl .pickle .p .joblib .sav .model", "Python pickle"),
    "joblib": _type(F.MODEL, ".joblib .pkl .jbl", "joblib object"),
    "pytorch": _type(F.MODEL, ".pt .pth .bin .ckpt", "PyTorch checkpoint"),
    "onnx": _type(F.MODEL, ".onnx", "ONNX model"),
    "safetensors": _type(F.MODEL, ".safetensors", "safetensors weights"),
    "vcf": _type(F.GENOMIC, ".vcf .gvcf", "VCF", text=True),
    "bcf": _type(F.GENOMIC, ".bcf", "BCF"),
    "plink_bed": _type(F.GENOMIC, ".bed", "PLINK 1 genotypes"),
    "bim": _type(F.GENOMIC, ".bim", "PLINK 1 variants", text=True),
    "fam": _type(F.GENOMIC, ".fam .tfam", "PLINK 1 samples", text=True),
    "ped": _type(F.GENOMIC, ".ped .tped", "PLINK 1 text genotypes", text=True),
    "map": _type(F.GENOMIC, ".map", "PLINK 1 map", text=True),
    "plink_raw": _type(F.GENOMIC, ".raw .traw", "PLINK additive genotypes", text=True),
    "pgen": _type(F.GENOMIC, ".pgen", "PLINK 2 genotypes"),
    "pvar": _type(F.GENOMIC, ".pvar", "PLINK 2 variants", text=True),
    "psam": _type(F.GENOMIC, ".psam", "PLINK 2 samples", text=True),
    "bgen": _type(F.GENOMIC, ".bgen", "BGEN genotypes"),
    "gen": _type(F.GENOMIC, ".gen .impute2", "Oxford GEN", text=True),
    "oxford_sample": _type(F.GENOMIC, ".sample .samples", "Oxford sample file", text=True),
    "haps": _type(F.GENOMIC, ".haps .hap", "phased haplotypes", text=True),
    "fasta": _type(F.GENOMIC, ".fa .fasta .fna .faa .ffn", "FASTA", text=True),
    "fastq": _type(F.GENOMIC, ".fq .fastq", "FASTQ", text=True),
    "sam": _type(F.GENOMIC, ".sam", "SAM", text=True),
    "bam": _type(F.GENOMIC, ".bam", "BAM"),
    "cram": _type(F.GENOMIC, ".cram", "CRAM"),
    "dtc_raw": _type(F.GENOMIC, ".txt .csv .tsv", "consumer genotyping raw data", text=True),
    "hapmap": _type(F.GENOMIC, ".hmp .hapmap", "HapMap genotypes", text=True),
    "eigenstrat_geno": _type(F.GENOMIC, ".geno .eigenstratgeno .ancestrymapgeno", "EIGENSTRAT genotypes", text=True),
    "genepop": _type(F.GENOMIC, ".gen .genepop", "Genepop genotypes", text=True),
    "phylip": _type(F.GENOMIC, ".phy .phylip", "PHYLIP alignment", text=True),
    "bed_intervals": _type(F.GENOMIC, ".bed .bedgraph .narrowpeak .broadpeak .interval_list .intervals", "genomic intervals", text=True),
    "gff": _type(F.GENOMIC, ".gff .gff3 .gtf", "GFF annotation", text=True),
    "tabix": _type(F.GENOMIC, ".tbi .csi", "tabix index"),
    "bigwig": _type(F.GENOMIC, ".bw .bigwig", "bigWig"),
    "bigbed": _type(F.GENOMIC, ".bb .bigbed", "bigBed"),
    "gds": _type(F.GENOMIC, ".gds", "CoreArray GDS"),
    "sqlite_wal": _type(F.DATABASE, ".db-wal .sqlite-wal", "SQLite write-ahead log"),
    "elf": _type(F.EXECUTABLE, ".so .elf .o", "ELF executable"),
    "pe": _type(F.EXECUTABLE, ".exe .dll .sys .scr", "Windows executable"),
    "macho": _type(F.EXECUTABLE, ".dylib", "macOS executable"),
    "class": _type(F.EXECUTABLE, ".class", "Java class"),
    "pyc": _type(F.EXECUTABLE, ".pyc", "compiled Python"),
    "wasm": _type(F.EXECUTABLE, ".wasm", "WebAssembly"),
    "git_object": _type(F.ARCHIVE, "", "git object or pack"),
    "encrypted": _type(F.ENCRYPTED, ".gpg .pgp .asc .age .enc", "encrypted data"),
}
