"""Which group of the taxonomy of models a class of a public library belongs to."""

from __future__ import annotations

import re

from sdc_airlock.model.learnt import ModelGroup

_INSTANCE = """
    KNeighborsClassifier KNeighborsRegressor KNeighborsTransformer RadiusNeighborsClassifier RadiusNeighborsRegressor NearestNeighbors KNNImputer
    LocalOutlierFactor KernelDensity GaussianProcessClassifier GaussianProcessRegressor KernelRidge KernelPCA SVC SVR NuSVC NuSVR OneClassSVM
    LabelPropagation LabelSpreading Isomap LocallyLinearEmbedding UMAP DBSCAN OPTICS HDBSCAN NearestNeighborModel SupportVectorMachineModel
    GaussianProcessModel SVMClassifier SVMRegressor svm ksvm knn3 kknn train.kknn loess Birch SelfTrainingClassifier RBFSampler Nystroem
"""
_SEQUENCE = """
    RNN LSTM GRU RNNCell LSTMCell GRUCell Transformer TransformerEncoder TransformerDecoder TransformerEncoderLayer TransformerDecoderLayer
    MultiheadAttention MultiHeadAttention Attention Bidirectional Word2Vec Doc2Vec FastText KeyedVectors TextModel SequenceModel
"""
_REGRESSION = """
    LinearRegression Ridge RidgeCV Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC Lars LarsCV ElasticNet ElasticNetCV BayesianRidge
    ARDRegression HuberRegressor RANSACRegressor TheilSenRegressor QuantileRegressor PoissonRegressor GammaRegressor TweedieRegressor
    PLSRegression IsotonicRegression OLS OLSResults WLS GLS GLSAR GLM GLMResults GLMResultsWrapper Poisson PoissonResults
    PoissonResultsWrapper NegativeBinomial NegativeBinomialResults RegressionResults RegressionResultsWrapper MixedLM MixedLMResults
    MixedLMResultsWrapper GEE GEEResults GEEResultsWrapper PHReg PHRegResults PHRegResultsWrapper QuantReg QuantRegResults RLM RLMResults
    CoxPHFitter CoxTimeVaryingFitter WeibullAFTFitter LogNormalAFTFitter LogLogisticAFTFitter AalenAdditiveFitter CoxPHSurvivalAnalysis
    CoxnetSurvivalAnalysis LinearGAM PoissonGAM GAM ARIMA ARIMAResults SARIMAX SARIMAXResults Prophet lm mlm glm gls lme lmerMod lmerModLmerTest
    glmerMod glmmTMB nls gam bam rlm coxph coxme survreg felm fixest geeglm gee glmnet cv.glmnet plm ivreg negbin zeroinfl hurdle earth aov
    RegressionModel GeneralRegressionModel LinearRegressor
"""
_CLASSIFICATION = """
    LogisticRegression LogisticRegressionCV RidgeClassifier RidgeClassifierCV GaussianNB MultinomialNB BernoulliNB CategoricalNB ComplementNB
    LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis Perceptron LinearSVC NearestCentroid CalibratedClassifierCV Logit LogitResults
    LogitResultsWrapper Probit ProbitResults MNLogit MultinomialResults BinaryResults BinaryResultsWrapper OrderedModel OrderedResults
    LogisticGAM lda qda multinom polr naiveBayes clm mlogit NaiveBayesModel LinearClassifier
"""
_STRUCTURE = """
    PCA IncrementalPCA SparsePCA TruncatedSVD FastICA NMF MiniBatchNMF FactorAnalysis DictionaryLearning LatentDirichletAllocation KMeans
    MiniBatchKMeans BisectingKMeans GaussianMixture BayesianGaussianMixture AgglomerativeClustering AffinityPropagation MeanShift
    SpectralClustering SpectralEmbedding TSNE MDS prcomp princomp factanal IsolationForest EllipticEnvelope hclust kmeans Mclust mclust ClusteringModel CCA PLSCanonical PLSSVD
"""
_PREPARATION = """
    StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer Binarizer QuantileTransformer PowerTransformer KBinsDiscretizer
    PolynomialFeatures SplineTransformer SimpleImputer IterativeImputer MissingIndicator OneHotEncoder OrdinalEncoder LabelEncoder LabelBinarizer
    MultiLabelBinarizer TargetEncoder DictVectorizer CountVectorizer TfidfVectorizer TfidfTransformer HashingVectorizer FeatureHasher
    FunctionTransformer ColumnTransformer FeatureUnion VarianceThreshold SelectKBest SelectPercentile Scaler Imputer recipe
"""
_SEMI_STRUCTURED = "ConvTranspose1d ConvTranspose2d ConvTranspose3d Upsample PixelShuffle UpSampling2D Conv2DTranspose"

_GROUPS = {
    name: group
    for group, names in (
        (ModelGroup.PREPARATION, _PREPARATION),
        (ModelGroup.STRUCTURE, _STRUCTURE),
        (ModelGroup.SEMI_STRUCTURED, _SEMI_STRUCTURED),
        (ModelGroup.CLASSIFICATION, _CLASSIFICATION),
        (ModelGroup.REGRESSION, _REGRESSION),
        (ModelGroup.SEQUENCE, _SEQUENCE),
        (ModelGroup.INSTANCE, _INSTANCE),
    )
    for name in names.split()
}
_ENDS = re.compile(r"(?:Classifier|(Regressor))(?:CV)?$")


def group_of(name: str) -> ModelGroup | None:
    """The group of a class, None where its name does not tell."""
    if name in _GROUPS:
        return _GROUPS[name]
    ends = _ENDS.search(name)
    if ends is None:
        return None
    return ModelGroup.REGRESSION if ends[1] else ModelGroup.CLASSIFICATION
