import Testing
import Torch

/// The fused operation against libtorch's own three in double precision, on the same numbers.
struct BatchNormReLUTests {
  private struct Results {
    var y: Tensor
    var gradients: [Tensor]
    var statistics: [Tensor]
  }

  private struct Case: CustomTestStringConvertible {
    var shape: [Int]
    var isAdding: Bool
    var layout: MemoryFormat = .channelsLast
    var isTraining = true
    var testDescription: String { "\(shape) \(isAdding ? "adding" : "") \(layout) training \(isTraining)" }
  }

  private func run(
    _ one: Case, _ dtype: DType = .float32, _ body: (Tensor, Tensor?, Tensor, Tensor, Tensor, Tensor) throws -> Tensor
  ) throws
    -> Results
  {
    let channels = one.shape[1]
    let leaf = { (tensor: Tensor) in try tensor.to(dtype).contiguous(one.layout).settingRequiresGrad() }
    // A mean away from 0, which a wrong variance would take in.
    let x = try leaf(try sines(one.shape, 0.37, 0.1) + 3)
    let added = one.isAdding ? try leaf(sines(one.shape, 0.71, 0.3)) : nil
    let weight = try (sines([channels], 0.9, 0.2) + 1.5).to(dtype).settingRequiresGrad()
    let bias = try sines([channels], 1.3, 0.4).to(dtype).settingRequiresGrad()
    let (mean, variance) = (try sines([channels], 0.5, 0.5).to(dtype), try (sines([channels], 0.6, 0.6) + 2).to(dtype))
    let y = try body(x, added, weight, bias, mean, variance)
    let factor = try sines(one.shape, 0.53, 0.9).to(dtype).contiguous(one.layout)
    try (y * factor).sum().backward()
    return Results(
      y: y, gradients: [x, added, weight, bias].compactMap { $0?.grad }, statistics: [mean, variance])
  }

  @Test(arguments: [
    ([8, 16, 9, 7], false), ([8, 16, 9, 7], true), ([48, 32, 5, 5], true), ([3, 48, 4, 4], false),
    ([5, 16, 1, 2], true), ([20, 64, 8, 8], false),
  ])
  func itComputesWhatThreeOperationsDo(shape: [Int], isAdding: Bool) throws {
    try compare(Case(shape: shape, isAdding: isAdding), isFused: true)
  }

  /// Layouts, sizes and modes that the fused loops do not take.
  @Test func whatCannotBeFusedIsComputedByThree() throws {
    try compare(Case(shape: [8, 16, 9, 7], isAdding: true, layout: .contiguous), isFused: false)
    try compare(Case(shape: [8, 10, 9, 7], isAdding: true), isFused: false)
    try compare(Case(shape: [8, 16, 9, 7], isAdding: true, isTraining: false), isFused: false)
  }

  private func compare(_ one: Case, isFused: Bool) throws {
    let ((fused, three), times) = try Profile.measure {
      let fused = try run(one) { x, added, weight, bias, mean, variance in
        try batchNormReLU(
          x, adding: added, runningMean: mean, runningVariance: variance, weight: weight, bias: bias,
          training: one.isTraining)
      }
      let three = try run(one, .float64) { x, added, weight, bias, mean, variance in
        let y = try batchNorm(
          x, runningMean: mean, runningVariance: variance, weight: weight, bias: bias, training: one.isTraining)
        return try relu(added.map { try y + $0 } ?? y)
      }
      return (fused, three)
    }
    // Only other tests of this suite, which may run beside it, call it too.
    if isFused { #expect((times["idinit::batch_norm_relu"]?.calls ?? 0) > 0) }
    #expect(fused.y.strides == three.y.strides)
    // x · scale and its shift are up to 20, rounded to 1e-6 each.
    #expect(try fused.y.to(.float64).isClose(to: three.y, relative: 1e-5, absolute: 1e-5))
    #expect(fused.gradients.count == three.gradients.count)
    for (ours, theirs) in zip(fused.gradients, three.gradients) {
      let size = try theirs.abs().max().item()
      #expect(try ours.to(.float64).isClose(to: theirs, relative: 1e-4, absolute: 1e-5 * size))
    }
    for (ours, theirs) in zip(fused.statistics, three.statistics) {
      #expect(try ours.to(.float64).isClose(to: theirs, relative: 1e-6, absolute: 1e-6))
    }
  }

  // The number of threads is the process's, and sums elsewhere depend on it: this needs one of its own.
  #if compiler(>=6.2)
    /// Chunks are of fixed sizes, so that threads do not change a bit.
    @Test func resultsDoNotDependOnThreads() async {
      await #expect(processExitsWith: .success) { try BatchNormReLUTests().compareThreads() }
    }
  #endif

  private func compareThreads() throws {
    let one = Case(shape: [128, 16, 12, 12], isAdding: true)
    let results = try [1, 2].map { count in
      try setThreadCount(count)
      return try run(one) { x, added, weight, bias, mean, variance in
        try batchNormReLU(
          x, adding: added, runningMean: mean, runningVariance: variance, weight: weight, bias: bias, training: true)
      }
    }
    #expect(try results[0].y.isEqual(to: results[1].y))
    for (a, b) in zip(results[0].gradients + results[0].statistics, results[1].gradients + results[1].statistics) {
      #expect(try a.isEqual(to: b))
    }
  }

  @Test func aNaNIsNotHidden() throws {
    let x = try (sines([4, 16, 3, 3], 0.4, 0.1) * .nan).contiguous(.channelsLast)
    let y = try batchNormReLU(
      x, runningMean: Tensor.zeros([16]), runningVariance: Tensor.ones([16]), weight: Tensor.ones([16]),
      bias: Tensor.zeros([16]), training: true)
    #expect(try y.isNaN().all().integer() == 1)
  }

  /// Choosing pixels is exact, and so is its gradient; both keep the layout.
  @Test(arguments: [MemoryFormat.contiguous, .channelsLast], [1, 2, 3])
  func subsamplingIsSlicing(layout: MemoryFormat, stride: Int) throws {
    let gradients = try [true, false].map { isSliced in
      let x = try sines([2, 5, 7, 8], 0.9, 0.1).contiguous(layout).settingRequiresGrad()
      let y =
        isSliced ? try x.slice(axis: 2, by: stride).slice(axis: 3, by: stride) : try subsample(x, by: stride)
      try (y * y).sum().backward()
      return (y, x.grad)
    }
    #expect(try gradients[0].0.isEqual(to: gradients[1].0))
    let (sliced, pooled) = (try #require(gradients[0].1), try #require(gradients[1].1))
    #expect(try sliced.isEqual(to: pooled))
    #expect(pooled.isContiguous(layout))
  }
}
