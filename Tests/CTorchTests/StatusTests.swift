import CTorch
import Testing

/// Every failure becomes a status, a text and nothing else.
struct StatusTests {
  static let failures: [(ct_status, String)] = [
    (CT_ERROR_ARGUMENT, "argument"), (CT_ERROR_INDEX, "index"), (CT_ERROR_VALUE, "value"), (CT_ERROR_TYPE, "type"),
    (CT_ERROR_NOT_IMPLEMENTED, "not implemented"), (CT_ERROR_OUT_OF_MEMORY, "memory"),
    (CT_ERROR_LINEAR_ALGEBRA, "linear algebra"), (CT_ERROR_BUFFER, "buffer"), (CT_ERROR_ACCELERATOR, "accelerator"),
    (CT_ERROR_DISTRIBUTED, "distributed"), (CT_ERROR_TORCH, "torch"), (CT_ERROR_STANDARD, "standard"),
  ]

  @Test(arguments: failures.indices)
  func everyExceptionClassHasItsStatusAndKeepsItsText(_ index: Int) {
    let (status, text) = Self.failures[index]
    #expect(ct_testing_throw(status, text) == status)
    #expect(lastError == text)
  }

  @Test func somethingThatIsNoExceptionIsCaughtToo() {
    #expect(ct_testing_throw(CT_ERROR_UNKNOWN, "") == CT_ERROR_UNKNOWN)
    #expect(lastError.contains("std::exception"))
  }

  @Test func successIsNoFailure() {
    #expect(ct_testing_throw(CT_OK, "nothing") == CT_OK)
  }

  @Test func libtorchsOwnFailuresArriveWithItsWords() {
    let a = tensor([2, 3])
    let square = tensor([3, 3])
    defer { [a, square].forEach(ct_tensor_free) }
    var out: OpaquePointer?
    #expect(ct_tensor_matmul(&out, a, a) == CT_ERROR_TORCH)
    #expect(lastError == "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)")
    #expect(ct_tensor_select(&out, a, 0, 7) == CT_ERROR_INDEX)
    #expect(lastError.contains("index 7 out of range"))
    #expect(ct_linalg_solve(&out, square, square) == CT_ERROR_LINEAR_ALGEBRA)  // all ones: singular
    #expect(lastError.contains("singular"))
    #expect(ct_tensor_empty(&out, [1 << 45], 1, CT_FLOAT32, cpu, CT_CONTIGUOUS) == CT_ERROR_OUT_OF_MEMORY)
    #expect(lastError.contains("DefaultCPUAllocator"))
    #expect(ct_tensor_full(&out, [1], 1, 0, ct_dtype(77), cpu) == CT_ERROR_ARGUMENT)
    #expect(lastError == "unknown element type 77")
    #expect(ct_tensor_unary(&out, ct_unary(99), a) == CT_ERROR_ARGUMENT)
    let nowhere = ct_device(type: CT_DEVICE_OTHER, index: 0)
    #expect(ct_tensor_to(&out, a, CT_FLOAT32, nowhere, CT_PRESERVE, false) == CT_ERROR_ARGUMENT)
    #expect(out == nil)
  }

  @Test func aBacktraceIsNotPartOfTheText() {
    let a = tensor([2, 3])
    defer { ct_tensor_free(a) }
    var out: OpaquePointer?
    #expect(ct_tensor_reshape(&out, a, [5], 1) == CT_ERROR_TORCH)
    #expect(!lastError.contains("Exception raised from"))
    #expect(lastError == "shape '[5]' is invalid for input of size 6")
  }

  /// One call a function, every handle NULL.
  static let nullCalls: [(String, @Sendable (inout OpaquePointer?) -> ct_status)] = [
    ("full_like", { ct_tensor_full_like(&$0, nil, 1) }), ("clone", { ct_tensor_clone(&$0, nil) }),
    ("to", { ct_tensor_to(&$0, nil, CT_FLOAT32, cpu, CT_PRESERVE, false) }),
    ("contiguous", { ct_tensor_contiguous(&$0, nil, CT_CONTIGUOUS) }),
    ("reshape", { ct_tensor_reshape(&$0, nil, [1], 1) }), ("view", { ct_tensor_view(&$0, nil, [1], 1) }),
    ("flatten", { ct_tensor_flatten(&$0, nil, 0, -1) }), ("transpose", { ct_tensor_transpose(&$0, nil, 0, 1) }),
    ("permute", { ct_tensor_permute(&$0, nil, [0], 1) }), ("expand", { ct_tensor_expand(&$0, nil, [1], 1) }),
    ("squeeze", { ct_tensor_squeeze(&$0, nil, 0) }), ("unsqueeze", { ct_tensor_unsqueeze(&$0, nil, 0) }),
    ("narrow", { ct_tensor_narrow(&$0, nil, 0, 0, 1) }), ("select", { ct_tensor_select(&$0, nil, 0, 0) }),
    ("slice", { ct_tensor_slice(&$0, nil, 0, 0, 1, 1) }), ("diagonal", { ct_tensor_diagonal(&$0, nil, 0, 0, 1) }),
    ("index_select", { ct_tensor_index_select(&$0, nil, 0, nil) }), ("gather", { ct_tensor_gather(&$0, nil, 0, nil) }),
    ("concatenate", { ct_tensor_concatenate(&$0, [nil], 1, 0) }), ("stack", { ct_tensor_stack(&$0, nil, 1, 0) }),
    ("flip", { ct_tensor_flip(&$0, nil, [0], 1) }), ("repeat", { ct_tensor_repeat(&$0, nil, [1], 1) }),
    ("triangle", { ct_tensor_triangle(&$0, nil, true, 0) }), ("unary", { ct_tensor_unary(&$0, CT_EXP, nil) }),
    ("binary", { ct_tensor_binary(&$0, CT_ADD, nil, nil) }),
    ("binary_scalar", { ct_tensor_binary_scalar(&$0, CT_ADD, nil, 1) }),
    ("subtract_from", { ct_tensor_subtract_from(&$0, 1, nil) }), ("clamp", { ct_tensor_clamp(&$0, nil, nil, nil) }),
    ("where", { ct_tensor_where(&$0, nil, nil, nil) }), ("masked_fill", { ct_tensor_masked_fill(&$0, nil, nil, 0) }),
    ("lerp", { ct_tensor_lerp(&$0, nil, nil, 0) }), ("reduce", { ct_tensor_reduce(&$0, CT_SUM, nil, nil, 0, false) }),
    ("variance", { ct_tensor_variance(&$0, nil, nil, 0, 1, false, false) }),
    ("norm", { ct_tensor_norm(&$0, nil, 2, nil, 0, false) }), ("argmax", { ct_tensor_argmax(&$0, nil, nil, false) }),
    ("argmin", { ct_tensor_argmin(&$0, nil, nil, false) }),
    ("cumulative_sum", { ct_tensor_cumulative_sum(&$0, nil, 0) }), ("matmul", { ct_tensor_matmul(&$0, nil, nil) }),
    ("singular_values", { ct_linalg_singular_values(&$0, nil) }),
    ("symmetric_eigenvalues", { ct_linalg_symmetric_eigenvalues(&$0, nil) }),
    ("matrix_rank", { ct_linalg_matrix_rank(&$0, nil, nil, nil) }), ("solve", { ct_linalg_solve(&$0, nil, nil) }),
    ("least_squares", { ct_linalg_least_squares(&$0, nil, nil) }), ("linear", { ct_nn_linear(&$0, nil, nil, nil) }),
    ("convolution", { ct_nn_convolution(&$0, nil, nil, nil, [1], [0], [1], 1, 1) }),
    ("transposed_convolution", { ct_nn_transposed_convolution(&$0, nil, nil, nil, [1], [0], [0], [1], 1, 1) }),
    ("batch_norm", { ct_nn_batch_norm(&$0, nil, nil, nil, nil, nil, true, 0.1, 1e-5) }),
    ("layer_norm", { ct_nn_layer_norm(&$0, nil, [1], 1, nil, nil, 1e-5) }),
    ("group_norm", { ct_nn_group_norm(&$0, nil, 1, nil, nil, 1e-5) }), ("gelu", { ct_nn_gelu(&$0, nil, false) }),
    ("leaky_relu", { ct_nn_leaky_relu(&$0, nil, 0) }), ("softmax", { ct_nn_softmax(&$0, nil, 0, false) }),
    ("max_pool", { ct_nn_max_pool(&$0, nil, [1], [1], [0], [1], 1, false) }),
    ("average_pool", { ct_nn_average_pool(&$0, nil, [1], [1], [0], 1, false, true) }),
    ("adaptive_average_pool", { ct_nn_adaptive_average_pool(&$0, nil, [1], 1) }),
    ("adaptive_max_pool", { ct_nn_adaptive_max_pool(&$0, nil, [1], 1) }),
    ("pad", { ct_nn_pad(&$0, nil, [1, 1], 2, CT_PAD_CONSTANT, 0) }),
    ("embedding", { ct_nn_embedding(&$0, nil, nil, -1) }), ("dropout", { ct_nn_dropout(&$0, nil, 0.5, nil) }),
    ("attention", { ct_nn_attention(&$0, nil, nil, nil, nil, false, nil) }),
    ("cross_entropy", { ct_nn_cross_entropy(&$0, nil, nil, nil, CT_LOSS_MEAN, -100, 0) }),
    ("mean_squared_error", { ct_nn_mean_squared_error(&$0, nil, nil, CT_LOSS_MEAN) }),
    ("binary_cross_entropy", { ct_nn_binary_cross_entropy_with_logits(&$0, nil, nil, CT_LOSS_MEAN) }),
    ("detach", { ct_tensor_detach(&$0, nil) }), ("grad", { ct_tensor_grad(&$0, nil) }),
    ("permutation", { ct_random_permutation(&$0, 3, nil) }),
    ("recurrent_unpack", { ct_recurrent_unpack(&$0, nil, nil, 1) }),
    ("autograd_grad", { ct_autograd_grad(&$0, nil, nil, 1, nil, false, false, false) }),
  ]

  @Test(arguments: nullCalls.indices)
  func aNullHandleIsRefusedAndTheOutStaysAsItWas(_ index: Int) throws {
    let (name, call) = Self.nullCalls[index]
    let before = ct_live_handles_of_thread()
    let sentinel = tensor([1])
    var out: OpaquePointer? = sentinel
    #expect(call(&out) == CT_ERROR_ARGUMENT, "\(name)")
    #expect(out == sentinel, "\(name)")
    #expect(lastError.contains("NULL"), "\(name): \(lastError)")
    ct_tensor_free(sentinel)
    #expect(ct_live_handles_of_thread() == before, "\(name)")
  }

  @Test func severalOutsAreWrittenAllOrNone() {
    let sentinel = tensor([1])
    defer { ct_tensor_free(sentinel) }
    var a = sentinel, b = sentinel, c = sentinel
    #expect(ct_linalg_qr(&a, &b, nil) == CT_ERROR_ARGUMENT)
    #expect(ct_linalg_svd(&a, &b, &c, nil) == CT_ERROR_ARGUMENT)
    #expect(ct_tensor_top(&a, &b, nil, 1, 0, true) == CT_ERROR_ARGUMENT)
    #expect(ct_tensor_sort(&a, &b, nil, 0, true) == CT_ERROR_ARGUMENT)
    #expect(ct_linalg_qr(&a, nil, sentinel) == CT_ERROR_ARGUMENT)
    #expect(ct_recurrent_pack(&a, &b, nil, nil) == CT_ERROR_ARGUMENT)
    let weights = [tensor([8, 2]), tensor([8, 2])], x = tensor([1, 3, 2]), state = tensor([1, 1, 2])
    defer { (weights + [x, state]).forEach(ct_tensor_free) }
    func lstm(_ cell: OpaquePointer?, _ last: UnsafeMutablePointer<OpaquePointer?>?) -> ct_status {
      ct_recurrent_run(&a, &b, last, CT_LSTM, x, nil, state, cell, weights, 2, false, 1, false)
    }
    #expect(lstm(nil, &c) == CT_ERROR_ARGUMENT)
    #expect(lstm(state, nil) == CT_ERROR_ARGUMENT)
    #expect(
      ct_recurrent_run(&a, nil, &c, CT_LSTM, x, nil, state, state, weights, 2, false, 1, false) == CT_ERROR_ARGUMENT)
    #expect(
      ct_recurrent_run(&a, &b, nil, ct_recurrent_cell(9), x, nil, state, nil, weights, 2, false, 1, false)
        == CT_ERROR_ARGUMENT)
    #expect(a == sentinel && b == sentinel && c == sentinel)
  }

  @Test func aNullOutIsRefused() {
    let a = tensor([2])
    defer { ct_tensor_free(a) }
    let before = ct_live_handles_of_thread()
    #expect(ct_tensor_unary(nil, CT_EXP, a) == CT_ERROR_ARGUMENT)
    #expect(ct_tensor_grad(nil, a) == CT_ERROR_ARGUMENT)
    #expect(ct_generator_create(nil, 1, cpu) == CT_ERROR_ARGUMENT)
    #expect(ct_live_handles_of_thread() == before)
  }

  @Test func freeingNothingIsNothing() {
    ct_tensor_free(nil)
    ct_generator_free(nil)
    #expect(ct_tensor_retain(nil) == nil)
    #expect(ct_tensor_rank(nil) == 0)
  }
}
