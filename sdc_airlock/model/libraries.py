"""Names that public libraries give to modules, classes and fitted attributes.

Such a name says which library wrote an object and no more. Any other word of a file may be a value, and is not repeated.
"""

from __future__ import annotations

_SKLEARN = """
    ARDRegression AdaBoostClassifier AdaBoostRegressor AffinityPropagation AgglomerativeClustering BaggingClassifier BaggingRegressor
    BayesianGaussianMixture BayesianRidge BernoulliNB BernoulliRBM Binarizer Birch BisectingKMeans CCA CalibratedClassifierCV CategoricalNB
    ClassifierChain ColumnTransformer ComplementNB CountVectorizer DBSCAN DecisionTreeClassifier DecisionTreeRegressor DictVectorizer
    DictionaryLearning DummyClassifier DummyRegressor ElasticNet ElasticNetCV EllipticEnvelope EmpiricalCovariance ExtraTreeClassifier
    ExtraTreeRegressor ExtraTreesClassifier ExtraTreesRegressor FactorAnalysis FastICA FeatureAgglomeration FeatureHasher FeatureUnion
    FunctionTransformer GammaRegressor GaussianMixture GaussianNB GaussianProcessClassifier GaussianProcessRegressor GaussianRandomProjection
    GenericUnivariateSelect GradientBoostingClassifier GradientBoostingRegressor GraphicalLasso GraphicalLassoCV GridSearchCV HDBSCAN
    HashingVectorizer HistGradientBoostingClassifier HistGradientBoostingRegressor HuberRegressor IncrementalPCA IsolationForest Isomap
    IsotonicRegression KBinsDiscretizer KMeans KNNImputer KNeighborsClassifier KNeighborsRegressor KNeighborsTransformer KernelCenterer
    KernelDensity KernelPCA KernelRidge LabelBinarizer LabelEncoder LabelPropagation LabelSpreading Lars LarsCV Lasso LassoCV LassoLars
    LassoLarsCV LassoLarsIC LatentDirichletAllocation LedoitWolf LinearDiscriminantAnalysis LinearRegression LinearSVC LinearSVR
    LocalOutlierFactor LocallyLinearEmbedding LogisticRegression LogisticRegressionCV MDS MLPClassifier MLPRegressor MaxAbsScaler MeanShift
    MinCovDet MinMaxScaler MiniBatchKMeans MiniBatchNMF MissingIndicator MultiLabelBinarizer MultiOutputClassifier MultiOutputRegressor
    MultiTaskElasticNet MultiTaskLasso MultinomialNB NMF NearestCentroid NearestNeighbors Normalizer NuSVC NuSVR Nystroem OAS OPTICS
    OneClassSVM OneHotEncoder OneVsOneClassifier OneVsRestClassifier OrdinalEncoder OrthogonalMatchingPursuit OutputCodeClassifier PCA
    PLSCanonical PLSRegression PLSSVD PassiveAggressiveClassifier PassiveAggressiveRegressor Perceptron Pipeline PoissonRegressor
    PolynomialFeatures PowerTransformer QuadraticDiscriminantAnalysis QuantileRegressor QuantileTransformer RANSACRegressor RBFSampler RFE
    RFECV RadiusNeighborsClassifier RadiusNeighborsRegressor RandomForestClassifier RandomForestRegressor RandomTreesEmbedding
    RandomizedSearchCV RegressorChain Ridge RidgeCV RidgeClassifier RidgeClassifierCV RobustScaler SGDClassifier SGDRegressor SVC SVR
    SelectFdr SelectFpr SelectFromModel SelectFwe SelectKBest SelectPercentile SelfTrainingClassifier SequentialFeatureSelector
    ShrunkCovariance SimpleImputer SparsePCA SparseRandomProjection SpectralClustering SpectralEmbedding SplineTransformer StackingClassifier
    StackingRegressor StandardScaler TSNE TargetEncoder TfidfTransformer TfidfVectorizer TheilSenRegressor TransformedTargetRegressor
    TruncatedSVD TweedieRegressor VarianceThreshold VotingClassifier VotingRegressor IterativeImputer
"""
# what estimators are made of: no models by themselves, and harmless to build
_SKLEARN_PARTS = """
    AdamOptimizer BallTree BallTree64 BallTree32 BestSplitter BinomialDeviance ConstantKernel CompoundKernel CyHalfBinomialLoss
    CyHalfMultinomialLoss CyHalfPoissonLoss CyHalfSquaredError CyAbsoluteError CyPinballLoss DotProduct EuclideanDistance EuclideanDistance32
    EuclideanDistance64 ExpSineSquared Exponentiation ExponentialLoss HalfBinomialLoss HalfMultinomialLoss HalfPoissonLoss HalfSquaredError
    AbsoluteError PinballLoss HuberLoss Hinge IdentityLink Interval KDTree KDTree64 KDTree32 LogLink LogitLink Log ManhattanDistance
    ManhattanDistance64 Matern MinkowskiDistance MinkowskiDistance64 MultinomialLogit ModifiedHuber Product RBF RationalQuadratic SGDOptimizer
    SquaredHinge SquaredLoss Sum Tree TreePredictor WhiteKernel _BinMapper _SigmoidCalibration _CalibratedClassifier _ConstantPredictor
    Bunch CFNode CFSubcluster
"""
_BOOSTING = """
    XGBClassifier XGBRegressor XGBRanker XGBRFClassifier XGBRFRegressor Booster DMatrix LGBMClassifier LGBMRegressor LGBMRanker LGBMModel
    CatBoost CatBoostClassifier CatBoostRegressor CatBoostRanker
"""
_STATISTICS = """
    OLS OLSResults WLS GLS GLSAR GLM GLMResults GLMResultsWrapper Logit LogitResults LogitResultsWrapper Probit ProbitResults Poisson
    PoissonResults PoissonResultsWrapper NegativeBinomial NegativeBinomialResults MNLogit MultinomialResults RegressionResults
    RegressionResultsWrapper BinaryResults BinaryResultsWrapper MixedLM MixedLMResults MixedLMResultsWrapper GEE GEEResults
    GEEResultsWrapper PHReg PHRegResults PHRegResultsWrapper QuantReg QuantRegResults RLM RLMResults OrderedModel OrderedResults
    ModelData PandasData BinaryModel SummaryResults SurvfuncRight Binomial Gaussian Gamma InverseGaussian Tweedie Identity CDFLink
    CoxPHFitter CoxTimeVaryingFitter KaplanMeierFitter NelsonAalenFitter AalenAdditiveFitter WeibullFitter WeibullAFTFitter LogNormalAFTFitter
    LogLogisticAFTFitter ExponentialFitter AalenJohansenFitter CoxPHSurvivalAnalysis CoxnetSurvivalAnalysis RandomSurvivalForest
    GradientBoostingSurvivalAnalysis SurvivalTree DesignInfo FactorInfo SubtermInfo Term EvalFactor LookupFactor EvalEnvironment ModelDesc
    UMAP PyMDE LinearGAM LogisticGAM PoissonGAM GAM Prophet ARIMA ARIMAResults SARIMAX SARIMAXResults ExplainerError Explainer TreeExplainer
    KernelExplainer LinearExplainer DeepExplainer Explanation Word2Vec Doc2Vec FastText KeyedVectors
"""
_TORCH = """
    Linear Bilinear Identity Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d MaxPool1d MaxPool2d MaxPool3d AvgPool1d
    AvgPool2d AvgPool3d AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool1d AdaptiveMaxPool2d BatchNorm1d BatchNorm2d BatchNorm3d GroupNorm
    LayerNorm InstanceNorm1d InstanceNorm2d RMSNorm ReLU ReLU6 LeakyReLU PReLU ELU SELU CELU GELU SiLU Mish Sigmoid Tanh Softmax LogSoftmax
    Softplus Hardswish Hardtanh Hardsigmoid Dropout Dropout1d Dropout2d Dropout3d AlphaDropout Embedding EmbeddingBag RNN LSTM GRU RNNCell
    LSTMCell GRUCell Transformer TransformerEncoder TransformerDecoder TransformerEncoderLayer TransformerDecoderLayer MultiheadAttention
    NonDynamicallyQuantizableLinear Sequential ModuleList ModuleDict ParameterList ParameterDict Flatten Unflatten Upsample PixelShuffle
    CrossEntropyLoss BCELoss BCEWithLogitsLoss MSELoss L1Loss NLLLoss SmoothL1Loss Adam AdamW SGD RMSprop Adagrad
"""
_KERAS = """
    Sequential Functional Model InputLayer Dense Conv1D Conv2D Conv3D SeparableConv2D DepthwiseConv2D MaxPooling1D MaxPooling2D
    AveragePooling1D AveragePooling2D GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D Embedding
    BatchNormalization LayerNormalization Dropout Activation Bidirectional TimeDistributed MultiHeadAttention Attention Concatenate Add
    Multiply Reshape Normalization StringLookup IntegerLookup TextVectorization CategoryEncoding Discretization Hashing Rescaling
"""
_R = """
    aov cforest clm cox.zph coxme coxph cv.glmnet earth felm fixest gam gbm gee geeglm glm glmerMod glmnet gls hclust kmeans ksvm lda lm lme
    lmerMod lmerModLmerTest loess mclust Mclust mlogit mlm multinom naiveBayes nls nn nnet party polr prcomp princomp qda randomForest
    randomForest.formula ranger rlm rpart S4 smooth.spline stanfit survfit survreg svm train xgb.Booster zeroinfl kknn train.kknn knn3 rfsrc
    negbin brmsfit stanreg pscl hurdle flexsurvreg mipo mira mids lavaan PCA factanal nlme glmmTMB bam mboost glmboost SuperLearner
    lgb.Booster catboost.Model keras.Model survfitcox rma rma.uni susie recipe workflow model_fit ivreg plm pgmm incidence_fit Surv
"""
_PMML = """
    TreeModel MiningModel RegressionModel GeneralRegressionModel NeuralNetwork SupportVectorMachineModel NearestNeighborModel ClusteringModel
    NaiveBayesModel RuleSetModel Scorecard GaussianProcessModel BayesianNetworkModel AssociationModel SequenceModel TextModel TimeSeriesModel
    AnomalyDetectionModel BaselineModel
"""

HARMLESS_CLASSES = frozenset(f"{_SKLEARN} {_SKLEARN_PARTS} {_BOOSTING} {_STATISTICS} {_TORCH}".split())
"""Classes whose building by their own library does nothing but fill them; only with a module of `HARMLESS_LIBRARIES`."""

KNOWN_CLASSES = (HARMLESS_CLASSES - frozenset(_SKLEARN_PARTS.split())) | frozenset(
    f"{_KERAS} {_R} {_PMML} DataFrame Series ndarray".split()
)
"""Classes that may be named in a report."""

HARMLESS_LIBRARIES = frozenset("sklearn statsmodels xgboost lightgbm catboost lifelines sksurv imblearn patsy torch umap pygam".split())
"""Top-level modules of the libraries of `HARMLESS_CLASSES`."""

KNOWN_LIBRARIES = HARMLESS_LIBRARIES | frozenset(
    "numpy scipy pandas polars pyarrow joblib cloudpickle dill skops tensorflow keras jax flax torchvision transformers tokenizers sentencepiece "
    "gensim spacy nltk shap lime fairlearn optuna hyperopt prophet pmdarima linearmodels formulaic pymc arviz xarray dask networkx anndata scanpy "
    "hail os posix nt subprocess sys builtins __builtin__ __main__ importlib runpy socket shutil ctypes code codecs _codecs operator functools "
    "itertools types inspect pickle copyreg copy_reg _io io pathlib tempfile webbrowser urllib http requests asyncio threading multiprocessing "
    "signal pty timeit bdb pdb cProfile profile trace marshal _pickle collections datetime decimal random re json logging base64 zlib gzip "
    "dataclasses abc typing enum weakref warnings atexit site sysconfig pip setuptools onnx pydantic".split()
)
"""Top-level modules that may be named in a report."""

ATTRIBUTES = frozenset(
    """
    coef_ intercept_ classes_ feature_names_in_ n_features_in_ mean_ var_ scale_ components_ explained_variance_ singular_values_ means_
    covariances_ precisions_ weights_ theta_ sigma_ class_prior_ class_count_ feature_log_prob_ cluster_centers_ labels_ inertia_
    support_ support_vectors_ dual_coef_ n_support_ _n_support _dual_coef_ _support_vectors probA_ probB_ _probA _probB _fit_X _y _fit_data
    X_train_ y_train_ L_ alpha_ X_fit_ dual_coef embedding_ affinity_matrix_ distances_ children_ core_sample_indices_ coefs_ intercepts_
    loss_curve_ train_score_ validation_scores_ oob_score_ oob_decision_function_ oob_prediction_ estimators_ tree_ nodes values node_count
    vocabulary_ stop_words_ idf_ categories_ statistics_ bin_edges_ quantiles_ cov_params params endog exog resid fittedvalues wresid data
    frame weights bias weight running_mean running_var kernel gamma beta
    X_thresholds_ y_thresholds_ X_ y_ train_features shap_values base_values wendog wexog pinv_wexog normalized_cov_params residuals
    fitted.values linear.predictors model y x qr effects votes predicted predictions oob.times proximity inbag
    """.split()
)
"""Names of fitted attributes that may be shown."""


def known_class(name: str) -> bool:
    """True for a class of a public library."""
    return name in KNOWN_CLASSES


def known_library(module: str) -> str:
    """The top-level module of a dotted name where it is publicly known, else ""."""
    top = module.partition(".")[0]
    return top if top in KNOWN_LIBRARIES else ""
