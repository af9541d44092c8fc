import CTorch
import Testing

/// What the bulk steps do around libtorch's kernels; their numbers are tested against PyTorch in TorchTests.
struct OptimizerStepTests {
  private func parameter(_ dims: [Int64], gradient: [Float]) -> OpaquePointer? {
    let p = tensor(dims)
    #expect(ct_tensor_requires_grad_set(p, true) == CT_OK)
    let g = tensor(dims, values: gradient)
    #expect(ct_tensor_grad_set(p, g) == CT_OK)
    ct_tensor_free(g)
    return p
  }

  @Test func aParameterWithoutGradientIsLeftAlone() {
    let with = parameter([2], gradient: [1, 2])
    let without = tensor([2])
    defer { [with, without].forEach(ct_tensor_free) }
    var buffers: [OpaquePointer?] = [nil, nil]
    #expect(ct_optimizer_sgd([with, without], 2, &buffers, 0.5, 0.9, 0, 0, false) == CT_OK)
    #expect(values(with) == [0.5, 0])
    #expect(values(without) == [1, 1])
    #expect(values(buffers[0]) == [1, 2])
    #expect(buffers[1] == nil)
    buffers.forEach(ct_tensor_free)
  }

  /// One parameter is at its first step, the other is not: the first must not be damped.
  @Test func aFirstStepIsEachParametersOwn() {
    let old = parameter([1], gradient: [1])
    let new = tensor([1])
    defer { [old, new].forEach(ct_tensor_free) }
    var buffers: [OpaquePointer?] = [nil, nil]
    #expect(ct_optimizer_sgd([old, new], 2, &buffers, 1, 0.5, 0.75, 0, false) == CT_OK)
    let g = tensor([1], values: [1])
    #expect(ct_tensor_grad_set(new, g) == CT_OK)
    ct_tensor_free(g)
    #expect(ct_optimizer_sgd([old, new], 2, &buffers, 1, 0.5, 0.75, 0, false) == CT_OK)
    #expect(values(buffers[0]) == [0.75])  // 0.5·1 + 0.25·1
    #expect(values(buffers[1]) == [1])
    buffers.forEach(ct_tensor_free)
  }

  /// The fused kernels walk raw memory; a gradient in another memory order must not be read in the wrong one.
  @Test func aGradientInAnotherMemoryOrderIsPutInOrder() {
    let rowMajor = tensor([1, 2, 2, 2], 0)
    var p: OpaquePointer?
    #expect(ct_tensor_contiguous(&p, rowMajor, CT_CHANNELS_LAST) == CT_OK)
    #expect(!ct_tensor_is_contiguous(p, CT_CONTIGUOUS))
    let g = tensor([1, 2, 2, 2], values: [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(ct_tensor_grad_set(p, g) == CT_OK)
    defer { [rowMajor, p, g].forEach(ct_tensor_free) }
    var buffers: [OpaquePointer?] = [nil]
    #expect(ct_optimizer_sgd([p], 1, &buffers, 1, 0.9, 0, 0, false) == CT_OK)
    #expect(values(p) == [0, -1, -2, -3, -4, -5, -6, -7])
    buffers.forEach(ct_tensor_free)
  }

  @Test func stateOfTheWrongShapeIsRefused() {
    let p = parameter([2], gradient: [1, 2])
    defer { ct_tensor_free(p) }
    let wrong = tensor([3])
    var buffers = [wrong]
    #expect(ct_optimizer_sgd([p], 1, &buffers, 1, 0.9, 0, 0, false) == CT_ERROR_ARGUMENT)
    #expect(lastError.contains("momentum buffer"))
    #expect(values(p) == [1, 1])
    ct_tensor_free(wrong)
  }

  @Test func aFailedStepMakesNoState() {
    let p = parameter([2], gradient: [1, 2])
    let base = tensor([2, 2])
    var gaps: OpaquePointer?
    #expect(ct_tensor_select(&gaps, base, 1, 0) == CT_OK)
    let g = tensor([2])
    #expect(ct_tensor_grad_set(gaps, g) == CT_OK)
    defer { [p, base, gaps, g].forEach(ct_tensor_free) }
    let before = ct_live_handles_of_thread()
    var m: [OpaquePointer?] = [nil, nil], v = m, t = m
    #expect(ct_optimizer_adam([p, gaps], 2, &m, &v, &t, 0.1, 0.9, 0.999, 1e-8, 0, false) == CT_ERROR_ARGUMENT)
    #expect(m == [nil, nil] && v == [nil, nil] && t == [nil, nil])
    #expect(values(p) == [1, 1])
    #expect(ct_live_handles_of_thread() == before)
  }

  @Test func gradientsAreClippedToTheirJointNorm() {
    let a = parameter([2], gradient: [3, 0])
    let b = parameter([1], gradient: [4])
    defer { [a, b].forEach(ct_tensor_free) }
    var total = 0.0
    #expect(ct_optimizer_clip_gradients(&total, [a, b], 2, 10) == CT_OK)
    #expect(abs(total - 5) < 1e-6)
    #expect(ct_optimizer_clip_gradients(&total, [a, b], 2, 1) == CT_OK)
    var g: OpaquePointer?
    #expect(ct_tensor_grad(&g, b) == CT_OK)
    #expect(abs((values(g).first ?? .nan) - 0.8) < 1e-6)
    ct_tensor_free(g)
  }
}
