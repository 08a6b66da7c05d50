"""Names that a pickle may look up without harm: an allow-list. Whatever is not on it counts as code that loading would run."""

from __future__ import annotations

import re

from sdc_airlock.model.libraries import HARMLESS_CLASSES, HARMLESS_LIBRARIES


def _names(module: str, names: str) -> frozenset[tuple[str, str]]:
    return frozenset((each, name) for each in module.split() for name in names.split())


_EXACT: frozenset[tuple[str, str]] = frozenset().union(
    _names(
        "builtins __builtin__",
        "list dict tuple set frozenset int float complex bool str bytes bytearray object slice range unicode long xrange Ellipsis NotImplemented",
    ),
    _names("copyreg copy_reg", "_reconstructor __newobj__ __newobj_ex__"),
    _names("_codecs", "encode"),
    _names("collections", "OrderedDict defaultdict deque Counter"),
    _names("datetime", "date datetime time timedelta timezone"),
    _names("decimal", "Decimal"),
    _names("fractions", "Fraction"),
    _names("uuid", "UUID"),
    _names("zoneinfo", "ZoneInfo._unpickle"),
    _names("pathlib", "Path PurePath PosixPath PurePosixPath WindowsPath PureWindowsPath"),
    _names("pathlib._local", "PosixPath PurePosixPath"),
    _names("pickle _pickle", "PickleBuffer"),
    _names(
        "numpy",
        "ndarray dtype matrix recarray bool_ bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 longdouble complex64 "
        "complex128 str_ bytes_ object_ void datetime64 timedelta64 generic number integer floating",
    ),
    _names("numpy.core.multiarray numpy._core.multiarray", "_reconstruct scalar"),
    _names("numpy.core.numeric numpy._core.numeric", "_frombuffer"),
    _names("numpy.ma numpy.ma.core", "MaskedArray _mareconstruct masked_array MaskedConstant"),
    _names("numpy numpy.rec numpy.core.records numpy._core.records", "recarray record"),
    _names("numpy.random", "RandomState Generator"),
    _names("numpy.random.mtrand", "RandomState _rand"),
    _names("numpy.random._pickle", "__randomstate_ctor __generator_ctor __bit_generator_ctor"),
    _names("numpy.random._mt19937 numpy.random._pcg64 numpy.random._philox numpy.random._sfc64", "MT19937 PCG64 PCG64DXSM Philox SFC64"),
    _names("numpy.random.bit_generator", "SeedSequence __pyx_unpickle_SeedSequence"),
    _names("joblib.numpy_pickle", "NumpyArrayWrapper NDArrayWrapper ZNDArrayWrapper"),
    _names("torch.storage", "_load_from_bytes UntypedStorage TypedStorage"),
    _names(
        "torch._utils",
        "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor "
        "_rebuild_sparse_tensor _rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage",
    ),
    _names(
        "torch",
        "FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage BoolStorage "
        "ComplexFloatStorage ComplexDoubleStorage UntypedStorage Size device dtype Tensor float32 float64 float16 bfloat16 int8 int16 int32 int64 "
        "uint8 bool complex64 complex128 strided sparse_coo",
    ),
    _names("torch.serialization", "_get_layout"),
    _names("torch.nn.parameter", "Parameter Buffer"),
    _names("torch.nn.modules.activation torch.nn.modules.linear torch.nn", "MultiheadAttention"),
    _names(
        "pyarrow.lib",
        "_restore_array chunked_array type_for_alias py_buffer string large_string ChunkedArray dictionary timestamp list_ field",
    ),
)
_PANDAS = frozenset(
    """
    DataFrame Series Index RangeIndex MultiIndex DatetimeIndex TimedeltaIndex PeriodIndex CategoricalIndex IntervalIndex Int64Index UInt64Index
    Float64Index Timestamp Timedelta Period Interval NaT NA NaTType NAType BlockManager SingleBlockManager Block Categorical CategoricalDtype
    StringDtype DatetimeTZDtype IntervalDtype PeriodDtype ArrowDtype Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype
    UInt32Dtype UInt64Dtype Float32Dtype Float64Dtype BooleanDtype StringArray ArrowStringArray ArrowExtensionArray IntegerArray BooleanArray
    FloatingArray DatetimeArray TimedeltaArray PeriodArray IntervalArray NumpyExtensionArray PandasArray SparseArray SparseDtype Flags
    FrozenList Day BDay MonthEnd MonthBegin YearEnd YearBegin Hour Minute Second Nano Micro Milli QuarterEnd QuarterBegin Week
    _new_Index _new_DatetimeIndex _new_PeriodIndex _unpickle_block make_block __pyx_unpickle_NDArrayBacked __pyx_unpickle_BlockManager
    _timestamp_unpickle _timedelta_unpickle _nat_unpickle _period_unpickle _unpickle _unpickle_array NDArrayBacked
    """.split()
)
_SPARSE = frozenset("csr_matrix csc_matrix coo_matrix lil_matrix dok_matrix bsr_matrix dia_matrix csr_array csc_array coo_array".split())
_SCIPY = frozenset("cKDTree KDTree Rotation BSpline PPoly interp1d UnivariateSpline LinearNDInterpolator".split())
_SKLEARN_CALLS = frozenset({"newObj", "__pyx_unpickle_Enum", "_unpickle_Tree"})
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def is_harmless(module: str, name: str) -> bool:
    """True for a name on the allow-list; modules of a library may lie anywhere inside it, their classes are listed one by one."""
    if (module, name) in _EXACT:
        return True
    if not _PATH.fullmatch(module):
        return False
    top = module.partition(".")[0]
    if top == "pandas":
        return name in _PANDAS
    if top == "scipy":
        return (module.startswith("scipy.sparse") and name in _SPARSE) or name in _SCIPY
    if top == "sklearn" and name in _SKLEARN_CALLS:
        return True
    return top in HARMLESS_LIBRARIES and name in HARMLESS_CLASSES
