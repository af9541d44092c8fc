/// The names of the arguments of those operations whose arguments the planner looks at, in the order of their schemas.
///
/// The file gives arguments by name and leaves out those that have their default, wherever they stand; a name's
/// place in the schema tells which one is meant. Source: the schemas of PyTorch 2.13 (`torch.ops.aten.*._schema`).
enum ArgumentNames {
  /// By the operation's name, `aten.linear.default`: the names, with spaces between.
  static let table: [String: String] = {
    var table = [String: String](minimumCapacity: 256)
    for (operations, names) in groups {
      for operation in operations.split(separator: " ") { table["aten.\(operation)"] = names }
    }
    return table
  }()

  private static let groups: [(String, String)] = [
    ("linear.default", "input weight bias"),
    (
      "conv1d.default conv1d.padding conv2d.default conv2d.padding conv3d.default conv3d.padding",
      "input weight bias stride padding dilation groups"
    ),
    ("convolution.default", "input weight bias stride padding dilation transposed output_padding groups"),
    (
      "_convolution.default",
      "input weight bias stride padding dilation transposed output_padding groups benchmark deterministic cudnn_enabled allow_tf32"
    ),
    (
      "conv_transpose1d.default conv_transpose2d.input conv_transpose3d.input",
      "input weight bias stride padding output_padding groups dilation"
    ),
    ("addmm.default", "self mat1 mat2 beta alpha"),
    ("addmm.dtype", "self mat1 mat2 out_dtype beta alpha"),
    ("mm.default bmm.default", "self mat2"),
    ("mm.dtype bmm.dtype", "self mat2 out_dtype"),
    ("baddbmm.default addbmm.default", "self batch1 batch2 beta alpha"),
    ("baddbmm.dtype", "self batch1 batch2 out_dtype beta alpha"),
    ("addmv.default", "self mat vec beta alpha"),
    ("mv.default", "self vec"),
    (
      "matmul.default mul.Tensor mul.Scalar div.Tensor div.Scalar mul_.Tensor mul_.Scalar div_.Tensor div_.Scalar expand_as.default",
      "self other"
    ),
    ("einsum.default", "equation tensors path"),
    ("embedding.default", "weight indices padding_idx scale_grad_by_freq sparse"),
    (
      "embedding_bag.default",
      "weight indices offsets scale_grad_by_freq mode sparse per_sample_weights include_last_offset"
    ),
    (
      "embedding_bag.padding_idx",
      "weight indices offsets scale_grad_by_freq mode sparse per_sample_weights include_last_offset padding_idx"
    ),
    ("batch_norm.default", "input weight bias running_mean running_var training momentum eps cudnn_enabled"),
    (
      "_native_batch_norm_legit.default _native_batch_norm_legit_functional.default native_batch_norm.default",
      "input weight bias running_mean running_var training momentum eps"
    ),
    ("_native_batch_norm_legit.no_stats", "input weight bias training momentum eps"),
    (
      "_native_batch_norm_legit_no_training.default _batch_norm_with_update.default _batch_norm_no_update.default",
      "input weight bias running_mean running_var momentum eps"
    ),
    (
      "cudnn_batch_norm.default",
      "input weight bias running_mean running_var training exponential_average_factor epsilon"
    ),
    ("layer_norm.default", "input normalized_shape weight bias eps cudnn_enable"),
    ("native_layer_norm.default", "input normalized_shape weight bias eps"),
    ("group_norm.default", "input num_groups weight bias eps cudnn_enabled"),
    ("native_group_norm.default", "input weight bias N C HxW group eps"),
    ("rms_norm.default _fused_rms_norm.default", "input normalized_shape weight eps"),
    ("instance_norm.default", "input weight bias running_mean running_var use_input_stats momentum eps cudnn_enabled"),
    ("scaled_dot_product_attention.default", "query key value attn_mask dropout_p is_causal scale enable_gqa"),
    ("_scaled_dot_product_flash_attention_for_cpu.default", "query key value dropout_p is_causal attn_mask scale"),
    ("_scaled_dot_product_flash_attention.default", "query key value dropout_p is_causal return_debug_mask scale"),
    (
      "_scaled_dot_product_flash_attention.quantized",
      "query key value q_descale k_descale v_descale dropout_p is_causal return_debug_mask scale"
    ),
    (
      "_scaled_dot_product_efficient_attention.default",
      "query key value attn_bias compute_log_sumexp dropout_p is_causal scale"
    ),
    (
      "_scaled_dot_product_attention_math.default",
      "query key value attn_mask dropout_p is_causal dropout_mask scale enable_gqa"
    ),
    (
      "_scaled_dot_product_cudnn_attention.default",
      "query key value attn_bias compute_log_sumexp dropout_p is_causal return_debug_mask scale"
    ),
    (
      "_scaled_dot_product_fused_attention_overrideable.default",
      "query key value attn_bias dropout_p is_causal return_debug_mask scale"
    ),
    (
      "add.Tensor add.Scalar sub.Tensor sub.Scalar add_.Tensor add_.Scalar sub_.Tensor sub_.Scalar rsub.Tensor rsub.Scalar",
      "self other alpha"
    ),
    ("div.Tensor_mode div.Scalar_mode div_.Tensor_mode div_.Scalar_mode", "self other rounding_mode"),
    ("addcmul.default addcmul_.default addcdiv.default", "self tensor1 tensor2 value"),
    ("softmax.int _safe_softmax.default log_softmax.int", "self dim dtype"),
    ("_softmax.default _log_softmax.default", "self dim half_to_float"),
    ("split.Tensor split.sizes split_copy.Tensor", "self split_size dim"),
    ("split.default split_with_sizes.default split_with_sizes_copy.default", "self split_sizes dim"),
    ("chunk.default", "self chunks dim"),
    ("select.int select_copy.int index_select.default", "self dim index"),
    ("slice.Tensor slice_copy.Tensor", "self dim start end step"),
    ("narrow.default narrow.Tensor", "self dim start length"),
    (
      "unbind.int unbind_copy.int unsqueeze.default unsqueeze_copy.default squeeze.dim squeeze.dims squeeze_copy.dim squeeze_copy.dims glu.default",
      "self dim"
    ),
    ("transpose.int transpose_copy.int transpose_.default", "self dim0 dim1"),
    ("permute.default permute_copy.default", "self dims"),
    ("movedim.int movedim.intlist", "self source destination"),
    ("view.default view_copy.default _unsafe_view.default _reshape_copy.default", "self size"),
    ("view.dtype view_copy.dtype", "self dtype"),
    ("reshape.default", "self shape"),
    ("unflatten.int", "self dim sizes"),
    ("flatten.using_ints", "self start_dim end_dim"),
    ("expand.default expand_copy.default", "self size implicit"),
    ("swapaxes.default", "self axis0 axis1"),
    ("cat.default stack.default", "tensors dim"),
    (
      "lstm.input gru.input rnn_tanh.input rnn_relu.input",
      "input hx params has_biases num_layers dropout train bidirectional batch_first"
    ),
    (
      "lstm.data gru.data rnn_tanh.data rnn_relu.data",
      "data batch_sizes hx params has_biases num_layers dropout train bidirectional"
    ),
    ("lstm_cell.default gru_cell.default", "input hx w_ih w_hh b_ih b_hh"),
    ("to.device", "self device dtype non_blocking copy memory_format"),
    ("to.dtype", "self dtype non_blocking copy memory_format"),
    ("to.other", "self other non_blocking copy memory_format"),
    ("to.prim_Device", "self device dtype non_blocking copy"),
    ("to.prim_dtype", "self dtype non_blocking copy"),
    ("to.prim_other", "self non_blocking copy"),
    ("_to_copy.default", "self dtype layout device pin_memory non_blocking memory_format"),
    ("clone.default contiguous.default", "self memory_format"),
    ("clamp.default clamp.Tensor clamp_.default clamp_.Tensor", "self min max"),
    ("clamp_min.default clamp_min.Tensor", "self min"),
    ("clamp_max.default clamp_max.Tensor", "self max"),
    ("hardtanh.default hardtanh_.default", "self min_val max_val"),
    ("leaky_relu.default leaky_relu_.default", "self negative_slope"),
    ("elu.default", "self alpha scale input_scale"),
    ("gelu.default", "self approximate"),
    ("celu.default", "self alpha"),
    ("dropout.default feature_dropout.default alpha_dropout.default native_dropout.default", "input p train"),
    ("dropout_.default", "self p train"),
    ("bernoulli.default", "self generator"),
    ("bernoulli.p bernoulli.Tensor", "self p generator"),
    ("index.Tensor index.Tensor_hacked_twin", "self indices"),
    ("gather.default", "self dim index sparse_grad"),
    ("masked_fill.Scalar masked_fill.Tensor masked_fill_.Scalar masked_fill_.Tensor", "self mask value"),
    ("where.self where.ScalarOther where.ScalarSelf where.Scalar", "condition self other"),
    ("max_pool2d.default", "self kernel_size stride padding dilation ceil_mode"),
    ("avg_pool2d.default", "self kernel_size stride padding ceil_mode count_include_pad divisor_override"),
    ("adaptive_avg_pool2d.default", "self output_size"),
    ("pad.default", "self pad mode value"),
    ("constant_pad_nd.default", "self pad value"),
    ("prelu.default", "self weight"),
    ("lerp.Scalar lerp.Tensor", "self end weight"),
    ("tensor_split.sections", "self sections dim"),
    ("tensor_split.indices", "self indices dim"),
    ("tensor_split.tensor_indices_or_sections", "self tensor_indices_or_sections dim"),
  ]
}
