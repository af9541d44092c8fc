import Foundation
import TestSupport
import Testing
import Torch

@testable import Lab

/// Where a training breaks, and what it leaves.
@Suite struct DivergenceTests {
  private func fill(_ tensor: Tensor, _ value: Double) throws { try withoutGradient { try tensor.fill(value) } }

  @Test(arguments: [Double.infinity, .nan]) func aBrokenWeightIsNamed(_ value: Double) throws {
    var training = try SmallTraining()
    // Nothing is measured before training that would already fail: the first test's loss is only written down.
    training.prepare = { network in
      try withoutGradient { try network.conv2.weight.narrow(axis: 0, start: 3, length: 1).fill(value) }
    }
    let run = try training.run()
    #expect(run.status == .diverged)
    #expect(run.results.text("layer") == "conv2.weight")
    #expect(run.results.number("step") == 1)
    let reason = run.reason ?? ""
    #expect(reason.contains("the loss became NaN in epoch 1, step 1 of 5"), "\(reason)")
    #expect(reason.contains("first not finite: the parameter conv2.weight"), "\(reason)")
    // There never were whole weights to save.
    #expect(!training.exists("checkpoint.safetensors"))
  }

  /// Finite weights whose product is not: numbers of 1e20 after the norm, times weights of 1e20.
  @Test func anOverflowIsFoundWhereItBegins() throws {
    var training = try SmallTraining()
    training.prepare = { network in
      try self.fill(try #require(network.bn1.weight), 1e20)
      try self.fill(network.conv2.weight, 1e20)
    }
    let run = try training.run()
    #expect(run.results.text("layer") == "conv2")
    let reason = run.reason ?? ""
    #expect(reason.contains("first not finite: the output of conv2 (conv2d, 16×8×8×8: "), "\(reason)")
    #expect(reason.contains(" of 8,192 numbers)"), "\(reason)")
    #expect(reason.contains("the weights of epoch 1, step 0, are in checkpoint.safetensors"), "\(reason)")
    let saved = try Checkpoint(reading: training.url("checkpoint.safetensors"))
    let weight = try #require(saved.tensors["model.conv2.weight"])
    #expect(try weight.isEqual(to: weight.filledLike(1e20)))
  }

  @Test func tooHighARateLeavesAWholeCheckpoint() throws {
    var training = try SmallTraining()
    training.learningRate = 1e25
    // A checkpoint after every step: those with broken weights are not written.
    let run = try training.run(checkpointSeconds: 0)
    #expect(run.status == .diverged)
    #expect(run.results.text("layer") != nil)
    #expect(run.reason?.contains("are in checkpoint.safetensors") == true, "\(run.reason ?? "")")
    let saved = try Checkpoint(reading: training.url("checkpoint.safetensors"))
    for (name, tensor) in saved.tensors where name.hasPrefix("model.") {
      #expect(try tensor.isFinite().all().integer() == 1, "\(name)")
    }
    // It is not the end that its loss had: the loss is looked at before an update.
    #expect(try #require(run.results.number("step")) > Double(saved.state.step))
    // A run that ended is not begun again, checkpoint or not.
    #expect(try training.run().reason == run.reason)
  }

  @Test func lookingLeavesEverythingAsItWas() throws {
    let network = try SmallConvNet()
    let generator = try Generator(seed: 1)
    let x = try Tensor.randn([4, 3, 8, 8], generator: generator)
    _ = try network(x)
    let before = try network.buffers.mapValues { try $0.array(of: Double.self) }
    let state = try network.dropout.generator.state()
    #expect(try network.firstNonFiniteValue(x) == nil)
    #expect(try network.buffers.mapValues { try $0.array(of: Double.self) } == before)
    #expect(try network.dropout.generator.state() == state)
    #expect(network.isTraining && network.bn1.isTraining)
    // Also where the pass fails.
    #expect(throws: TorchError.self) { try network.firstNonFiniteValue(Tensor.zeros([4, 2, 8, 8])) }
    try fill(network.conv2.weight, 1e38)
    try fill(network.conv1.weight, 1e20)
    _ = try network.firstNonFiniteValue(x)
    #expect(try network.buffers.mapValues { try $0.array(of: Double.self) } == before)
    #expect(try network.dropout.generator.state() == state)
  }

  @Test func whatFollowsALayerIsNamedByIt() throws {
    let network = try SmallConvNet()
    let x = try Tensor.ones([2, 3, 8, 8])
    // The product with a scalar that is finite itself, in an operation whose only parameter is the scalar.
    try fill(network.scale, 3e38)
    try fill(try #require(network.conv2.bias), 1e3)
    let product = try #require(try network.firstNonFiniteValue(x))
    #expect(product.parameters == ["scale"] && product.parametersBefore == ["conv2.weight", "conv2.bias"])
    #expect(product.operation == "aten.mul.Tensor" && product.shape == [2, 8, 8, 8])
    #expect(product.nanCount == 0 && product.infiniteCount > 0)
    #expect(try Divergence(in: network, input: x).layer == "scale")
  }

  /// Every layer's output is finite and the loss is not: nobody is blamed.
  @Test func aLossThatBreaksByItselfIsSaid() throws {
    let network = try SmallConvNet()
    let divergence = try Divergence(in: network, input: Tensor.ones([2, 3, 8, 8]))
    #expect(divergence.layer == nil)
    #expect(divergence.text.contains("every layer's output is finite"))
  }
}
