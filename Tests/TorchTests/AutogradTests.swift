import Testing
import Torch

struct AutogradTests {
  @Test func gradientsAccumulateInLeaves() throws {
    let x = try Tensor([1, 2, 3] as [Float]).settingRequiresGrad()
    #expect(x.requiresGrad && x.isLeaf && x.grad == nil)
    let y = try x.square().sum()
    #expect(!y.isLeaf)
    try y.backward(keepGraph: true)
    #expect(try x.grad?.array(of: Float.self) == [2, 4, 6])
    try y.backward()
    #expect(try x.grad?.array(of: Float.self) == [4, 8, 12])
    let error = #expect(throws: TorchError.self) { try y.backward() }
    #expect(error?.message.contains("backward through the graph a second time") == true)
    try clearGradients(of: [x])
    #expect(x.grad == nil)
  }

  @Test func gradientsFlowThroughWhatIsOverwritten() throws {
    let x = try Tensor([-1, 2, 3] as [Float]).settingRequiresGrad()
    let shift = try Tensor([-4, 0, 1] as [Float]).settingRequiresGrad()
    let y = try x * 5
    try y.formAdd(shift)
    try y.formReLU()
    try (y * y).sum().backward()  // y = [0, 10, 16]
    #expect(try x.grad?.array(of: Float.self) == [0, 100, 160])
    #expect(try shift.grad?.array(of: Float.self) == [0, 20, 32])
  }

  @Test func aLossOfSeveralElementsNeedsAGradient() throws {
    let x = try Tensor([1, 2] as [Float]).settingRequiresGrad()
    #expect(throws: TorchError.self) { try x.square().backward() }
    try x.square().backward(gradient: Tensor([1, 10] as [Float]))
    #expect(try x.grad?.array(of: Float.self) == [2, 40])
  }

  @Test func gradLeavesAccumulatedGradientsAlone() throws {
    let x = try Tensor([2] as [Float]).settingRequiresGrad()
    let w = try Tensor([3] as [Float]).settingRequiresGrad()
    let gradients = try grad(of: (x.square() * w).sum(), withRespectTo: [x, w])
    #expect(try gradients.map { try $0.item() } == [12, 4])
    #expect(x.grad == nil && w.grad == nil)
    #expect(throws: TorchError.self) { try grad(of: x.sum(), withRespectTo: [w]) }
  }

  /// d²(x³)/dx² = 6x.
  @Test func higherDerivatives() throws {
    let x = try Tensor([2] as [Double]).settingRequiresGrad()
    let first = try grad(of: x.pow(3).sum(), withRespectTo: [x], createGraph: true)
    #expect(try first[0].item() == 12)
    #expect(try grad(of: first[0].sum(), withRespectTo: [x])[0].item() == 12)
  }

  struct Interruption: Error {}

  @Test func withoutGradientPutsTheModeBack() throws {
    let x = try Tensor([1] as [Float]).settingRequiresGrad()
    #expect(isGradientEnabled)
    let y = try withoutGradient { try x.square() }
    #expect(!y.requiresGrad)
    #expect(isGradientEnabled)
    #expect(throws: Interruption.self) {
      try withoutGradient {
        #expect(!isGradientEnabled)
        throw Interruption()
      }
    }
    #expect(isGradientEnabled)
    #expect(try x.square().requiresGrad)
  }

  @Test func detachingEndsTheHistory() throws {
    let x = try Tensor([3] as [Float]).settingRequiresGrad()
    let y = try (x * x.detached()).sum()
    try y.backward()
    #expect(try x.grad?.item() == 3)
    #expect(try x.detached().sharesMemory(with: x))
  }

  @Test func misuseIsAnError() throws {
    let x = try Tensor([1, 2] as [Float]).settingRequiresGrad()
    #expect(throws: TorchError.self) { try x.fill(0) }  // a leaf in place, outside withoutGradient
    #expect(throws: TorchError.self) { try Tensor([1, 2]).settingRequiresGrad() }  // int64
    #expect(throws: TorchError.self) { try x.setGrad(Tensor.zeros([3])) }
    #expect(throws: TorchError.self) { try Tensor.zeros([]).backward() }
  }

  @Test func clippingBoundsTheJointNorm() throws {
    let a = try Tensor.zeros([2]).settingRequiresGrad()
    let b = try Tensor.zeros([1]).settingRequiresGrad()
    try a.setGrad(Tensor([3, 0] as [Float]))
    try b.setGrad(Tensor([4] as [Float]))
    #expect(abs(try clipGradients(of: [a, b], maxNorm: 1) - 5) < 1e-6)
    #expect(abs(try #require(b.grad).item() - 0.8) < 1e-6)
  }
}
