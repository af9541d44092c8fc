extension OperationKind {
  /// Names without a trailing underscore; in-place operations are of the same kind.
  init(_ name: OperationName) {
    if name.base == "view", name.overload == "dtype" {
      self = .other
    } else if name.base == "max" || name.base == "min", name.overload == "other" {
      self = .pointwise(keepsZero: false)
    } else if name.base == "pow", name.overload != "Tensor_Scalar" {
      self = .pointwise(keepsZero: false)
    } else {
      self = Self.table[name.base] ?? (Self.isMade(name.base) ? .make : .other)
    }
  }

  /// Operations that may be a ReLU, by their bounds.
  static let bounded: Set<String> = ["hardtanh", "clamp", "clip", "clamp_min", "threshold"]

  /// A lower bound of 0 makes a ReLU.
  static func clamp(_ node: NetworkGraph.Node, _ name: OperationName) -> OperationKind {
    let isReLU =
      switch name.base {
      case "hardtanh", "clamp", "clip", "clamp_min": node.number(at: 1) == 0
      case "threshold": node.number(at: 1) == 0 && node.number(at: 2) == 0
      default: false
      }
    return isReLU ? .relu : .pointwise(keepsZero: true)
  }

  /// Whatever is called after what it copies nothing but the shape of, and what asks for sizes.
  private static func isMade(_ base: String) -> Bool {
    base.hasSuffix("_like") || base.hasPrefix("new_") || base.hasPrefix("sym_") || base.hasPrefix("_assert")
      || base.hasPrefix("rand") || base.hasPrefix("_operator.")
  }

  private static let table: [String: OperationKind] = {
    var table: [String: OperationKind] = [:]
    for (kind, list) in names {
      for name in list.split(separator: " ") { table[String(name)] = kind }
    }
    return table
  }()

  private static let names: [(kind: OperationKind, names: String)] = [
    (
      .view(.reshape),
      """
      view _unsafe_view reshape _reshape_alias flatten unflatten squeeze unsqueeze view_as reshape_as view_copy \
      squeeze_copy unsqueeze_copy collapse_view
      """
    ),
    (.view(.transpose), "transpose swapaxes swapdims transpose_copy"),
    (.view(.transposeLast), "t numpy_T mT mH adjoint t_copy"),
    (.view(.permute), "permute permute_copy"),
    (.view(.moveAxis), "movedim moveaxis"),
    (.view(.expand), "expand expand_as broadcast_to expand_copy"),
    (.view(.repeat), "repeat tile"),
    (.view(.select), "select select_copy"),
    (.view(.slice), "slice slice_copy"),
    (.view(.narrow), "narrow narrow_copy"),
    (.view(.unbind), "unbind unbind_copy"),
    (
      .view(.split(axis: 2)),
      """
      split split_with_sizes chunk unsafe_split unsafe_split_with_sizes unsafe_chunk tensor_split split_copy \
      split_with_sizes_copy
      """
    ),
    (.view(.reorder(axes: 1)), "flip"),
    (.view(.reorder(axes: 2)), "roll"),
    (
      .view(.opaque),
      """
      rot90 fliplr flipud unfold im2col col2im diagonal pixel_shuffle pixel_unshuffle channel_shuffle \
      view_as_complex view_as_real real imag as_strided repeat_interleave constant_pad_nd pad reflection_pad1d \
      reflection_pad2d reflection_pad3d replication_pad1d replication_pad2d replication_pad3d tril triu sort \
      hsplit vsplit dsplit
      """
    ),
    (
      .copy,
      """
      clone contiguous to _to_copy type_as float half bfloat16 double detach alias lift lift_fresh lift_fresh_copy \
      dropout native_dropout feature_dropout alpha_dropout feature_alpha_dropout requires_grad \
      convert_element_type _to_dense conj _conj resolve_conj resolve_neg fused_dropout positive \
      _fake_quantize_learnable_per_tensor_affine fake_quantize_per_tensor_affine cpu cuda \
      _autocast_to_full_precision _autocast_to_reduced_precision
      """
    ),
    (.relu, "relu relu6"),
    (
      .pointwise(keepsZero: true),
      """
      clamp_max leaky_relu rrelu rrelu_with_noise prelu _prelu_kernel elu selu celu gelu silu mish hardswish tanh \
      softsign hardshrink softshrink tanhshrink expm1 log1p sqrt square pow abs neg sign sgn sin tan asin atan \
      sinh asinh atanh arctan arcsin erf erfinv floor ceil round trunc frac nan_to_num fmod remainder deg2rad \
      rad2deg
      """
    ),
    (
      .pointwise(keepsZero: false),
      """
      sigmoid hardsigmoid log_sigmoid logsigmoid log_sigmoid_forward softplus exp exp2 log log2 log10 rsqrt \
      reciprocal cos acos cosh acosh arccos erfc digamma lgamma logit maximum minimum max_other atan2 lerp \
      logaddexp logaddexp2 xlogy copysign hypot
      """
    ),
    (.add, "add"),
    (.subtract, "sub subtract"),
    (.reversedSubtract, "rsub"),
    (.multiply, "mul multiply"),
    (.divide, "div divide true_divide floor_divide"),
    (.addProduct, "addcmul"),
    (.addQuotient, "addcdiv"),
    (.product, "mm bmm matmul baddbmm addbmm addmm mv addmv dot linear einsum __matmul__ chain_matmul addr outer"),
    (.softmax, "softmax _softmax log_softmax _log_softmax _safe_softmax gumbel_softmax sparsemax"),
    (
      .attention(query: 0, key: 1, value: 2),
      """
      scaled_dot_product_attention _scaled_dot_product_flash_attention _scaled_dot_product_efficient_attention \
      _scaled_dot_product_flash_attention_for_cpu _scaled_dot_product_cudnn_attention \
      _scaled_dot_product_fused_attention_overrideable _scaled_dot_product_attention_math _flash_attention_forward \
      _efficient_attention_forward _scaled_dot_product_attention_math_for_mps
      """
    ),
    (
      .norm(scale: 1, bias: 2),
      """
      batch_norm instance_norm _native_batch_norm_legit _native_batch_norm_legit_functional \
      _native_batch_norm_legit_no_training native_batch_norm _batch_norm_with_update \
      _batch_norm_with_update_functional _batch_norm_no_update cudnn_batch_norm miopen_batch_norm \
      _batch_norm_impl_index native_group_norm
      """
    ),
    (.norm(scale: 2, bias: 3), "layer_norm native_layer_norm group_norm"),
    (.norm(scale: 2, bias: nil), "rms_norm _fused_rms_norm"),
    (.choose(mask: 0), "where"),
    (.choose(mask: 1), "masked_fill"),
    (.concatenate, "cat concat concatenate stack hstack vstack dstack column_stack block_diag"),
    (.lookUp(source: 0, index: 2), "gather take_along_dim"),
    (.lookUp(source: 0, index: 2), "index_select"),
    (.lookUp(source: 0, index: 1), "index _unsafe_index take masked_select _unsafe_masked_index"),
    (.lookUp(source: 0, index: 1), "embedding embedding_bag _embedding_bag _embedding_bag_forward_only"),
    (.write(source: 1), "copy slice_scatter select_scatter diagonal_scatter as_strided_scatter"),
    (.write(source: 3), "scatter scatter_add scatter_reduce index_add index_copy index_reduce"),
    (.write(source: 2), "index_put _index_put_impl _unsafe_index_put masked_scatter"),
    (
      .reduce,
      """
      mean sum var std var_mean std_mean norm linalg_vector_norm linalg_norm amax amin max min logsumexp prod \
      nansum nanmean median aminmax frobenius_norm nuclear_norm
      """
    ),
    (.gatedLinearUnit, "glu"),
    (
      .make,
      """
      arange range linspace logspace eye zeros ones full empty empty_permuted empty_strided scalar_tensor \
      tril_indices triu_indices size stride numel dim item _local_scalar_dense is_nonzero bernoulli normal uniform \
      randperm multinomial hann_window shape _shape_as_tensor fill zero exponential geometric log_normal cauchy \
      random
      """
    ),
  ]
}
