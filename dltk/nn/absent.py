"""What `torch.nn` and `torch.nn.functional` have beyond dltk's scope."""

_LAYERS = """
AdaptiveAvgPool1d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool1d AdaptiveMaxPool2d
AdaptiveMaxPool3d AlphaDropout AvgPool1d AvgPool3d BatchNorm3d Buffer CELU CTCLoss ChannelShuffle
CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d Container Conv3d
ConvTranspose1d ConvTranspose3d CosineEmbeddingLoss CosineSimilarity CrossMapLRN2d DataParallel
Dropout1d Dropout3d EmbeddingBag FeatureAlphaDropout FractionalMaxPool2d FractionalMaxPool3d GLU
GaussianNLLLoss Hardshrink Hardsigmoid Hardswish HingeEmbeddingLoss InstanceNorm1d InstanceNorm2d
InstanceNorm3d LPPool1d LPPool2d LPPool3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d
LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d
LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LinearCrossEntropyLoss LocalResponseNorm LogSigmoid
MarginRankingLoss MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d Mish MultiLabelMarginLoss
MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss2d PReLU PairwiseDistance ParameterDict PixelShuffle
PixelUnshuffle PoissonNLLLoss RReLU ReLU6 ReflectionPad1d ReflectionPad2d ReflectionPad3d
ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU SoftMarginLoss Softmax2d Softmin Softshrink
Softsign SyncBatchNorm Tanhshrink Threshold Transformer TransformerDecoder TransformerDecoderLayer
TripletMarginLoss TripletMarginWithDistanceLoss UninitializedBuffer UninitializedParameter Upsample
UpsamplingBilinear2d UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d
"""
_FUNCTIONS = """
adaptive_avg_pool1d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
affine_grid alpha_dropout avg_pool1d avg_pool3d celu channel_shuffle conv3d conv_tbc
conv_transpose1d conv_transpose3d cosine_embedding_loss cosine_similarity ctc_loss dropout1d
dropout3d embedding_bag feature_alpha_dropout fractional_max_pool2d fractional_max_pool3d
gaussian_nll_loss glu grid_sample grouped_mm gumbel_softmax hardshrink hardsigmoid hardswish
hinge_embedding_loss instance_norm interpolate linear_cross_entropy local_response_norm logsigmoid
lp_pool1d lp_pool2d lp_pool3d margin_ranking_loss max_pool3d max_unpool1d max_unpool2d max_unpool3d
mish multi_head_attention_forward multi_margin_loss multilabel_margin_loss
multilabel_soft_margin_loss native_channel_shuffle pairwise_distance pdist pixel_shuffle
pixel_unshuffle poisson_nll_loss prelu relu6 rrelu selu soft_margin_loss softmin softshrink softsign
tanhshrink threshold triplet_margin_loss triplet_margin_with_distance_loss upsample
upsample_bilinear upsample_nearest
"""
NAMES = frozenset((_LAYERS + _FUNCTIONS).split())


def refuse(module: str, name: str) -> None:
    """Raise what asking `module` for `name`, which it does not have, deserves.

    Raises:
        NotImplementedError: torch has it, and it is not in dltk's scope.
        AttributeError: there is nothing of this name.
    """
    if name in NAMES:
        raise NotImplementedError(f"{module}.{name} is not in dltk's scope")
    raise AttributeError(f"module '{module}' has no attribute {name!r}")
