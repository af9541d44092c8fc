import OrderedCollections
import Testing
import Torch

/// A residual network with every kind of part, as its PyTorch twin in scripts/golden/export_graph.py.
final class Block: Module {
  let conv1, conv2: Convolution
  let bn1: BatchNorm
  init() throws(TorchError) {
    conv1 = try Conv2d(4, 4, 3, padding: 1, bias: false)
    bn1 = try BatchNorm2d(4)
    conv2 = try Conv2d(4, 4, 3, padding: 1)
  }
  var submodules: OrderedDictionary<String, any Module> { ["conv1": conv1, "bn1": bn1, "conv2": conv2] }
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    let y = try relu(bn1(conv1(x)))
    return try relu(conv2(y) + x)
  }
}

final class Net: Module {
  let stem: Convolution
  let block: Block
  let norm: LayerNorm
  let head: Linear
  init() throws(TorchError) {
    stem = try Conv2d(3, 4, 3, stride: 2, padding: 1)
    block = try Block()
    norm = try LayerNorm(4)
    head = try Linear(4, 5)
  }
  var submodules: OrderedDictionary<String, any Module> {
    ["stem": stem, "block": block, "norm": norm, "head": head]
  }
  func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    var x = try block(stem(x))
    x = try maxPool2d(x, window: 2)
    x = try adaptiveAvgPool2d(x).flattened(from: 1)
    x = try gelu(norm(x)) * 2
    return try logSoftmax(head(x), axis: -1)
  }
}

struct ModuleTests {
  @Test func pathsAreThoseOfPyTorch() throws {
    let net = try Net()
    #expect(
      net.parameters.keys == [
        "stem.weight", "stem.bias", "block.conv1.weight", "block.bn1.weight", "block.bn1.bias", "block.conv2.weight",
        "block.conv2.bias", "norm.weight", "norm.bias", "head.weight", "head.bias",
      ])
    #expect(
      net.buffers.keys == ["block.bn1.running_mean", "block.bn1.running_var", "block.bn1.num_batches_tracked"])
    #expect(
      net.modules.map(\.path) == ["", "stem", "block", "block.conv1", "block.bn1", "block.conv2", "norm", "head"])
    #expect(net.parameters["block.conv2.weight"]?.shape == [4, 4, 3, 3])
    #expect(net.parameters.values.allSatisfy { $0.requiresGrad && $0.isLeaf })
    #expect(net.buffers.values.allSatisfy { !$0.requiresGrad })
  }

  /// Modules carry no initialisation: a plan fills them.
  @Test func parametersStartAsZerosAndNormalisationsAsOnes() throws {
    for (name, tensor) in try Net().parameters {
      let isScale = name == "norm.weight" || name == "block.bn1.weight"
      #expect(try tensor.eq(isScale ? 1 : 0).all().item() == 1, "\(name)")
    }
  }

  @Test func trainingModeReachesEveryPart() throws {
    let net = try Net()
    let modules: [any Module] = [net, try Dropout(generator: Generator(seed: 0))]
    let all = Sequential(modules)
    #expect(all.isTraining && net.block.bn1.isTraining)
    all.isTraining = false
    #expect(!all.isTraining && !net.isTraining && !net.block.bn1.isTraining)
    let x = try sines([3], 1, 0)
    #expect(try modules[1](x) === x)
    net.block.bn1.isTraining = true
    #expect(net.isTraining && !all.isTraining)
  }

  /// r = 0.9·r + 0.1·s with the unbiased variance; evaluation uses r.
  @Test func batchNormKeepsRunningStatistics() throws {
    let bn = try BatchNorm(2)
    let x = try Tensor([1, 10, 2, 20, 3, 30, 6, 60] as [Float], shape: [4, 2])
    _ = try bn(x)
    #expect(try bn.runningMean.isClose(to: Tensor([0.3, 3] as [Float]), relative: 1e-6))
    let variances: [Float] = [0.9 + 0.1 * 14 / 3, 0.9 + 0.1 * 1400 / 3]
    #expect(try bn.runningVariance.isClose(to: Tensor(variances), relative: 1e-6))
    #expect(try bn.batchCount.integer() == 1)
    bn.isTraining = false
    let y: [Float] = try bn(Tensor([0.3, 3] as [Float], shape: [1, 2])).array()
    #expect(y.allSatisfy { abs($0) < 1e-6 })
    #expect(try bn.batchCount.integer() == 1)
  }

  @Test func sequentialNamesItsPartsByNumber() throws {
    let net = Sequential([try Linear(3, 2), Activation(relu), try Linear(2, 1, bias: false)])
    #expect(net.parameters.keys == ["0.weight", "0.bias", "2.weight"])
    #expect(try net(Tensor.zeros([5, 3])).shape == [5, 1])
  }

  @Test func stateIsLoadedWholeOrNotAtAll() throws {
    let from = try Net(), into = try Net()
    let generator = try Generator(seed: 1)
    try withoutGradient {
      for tensor in from.parameters.values { try tensor.fillNormal(generator: generator) }
    }
    var state = from.parameters.merging(from.buffers) { a, _ in a }
    try into.load(state)
    for (name, tensor) in into.parameters { #expect(try tensor.isEqual(to: #require(state[name])), "\(name)") }

    state["head.bias"] = nil
    state["head.scale"] = try Tensor.zeros([1])
    state["norm.weight"] = try Tensor.zeros([9])
    state["stem.bias"] = try Tensor.full([4], 77)
    let error = #expect(throws: TorchError.self) { try into.load(state) }
    #expect(
      error?.message
        == "missing: head.bias; not in the module: head.scale; norm.weight has shape [9], expected [4]")
    #expect(try into.stem.bias?.isEqual(to: #require(from.stem.bias)) == true)
  }

  @Test func impossibleConvolutionsAreRefused() throws {
    #expect(throws: TorchError.self) { try Convolution(4, 4, window: []) }
    #expect(throws: TorchError.self) { try Conv2d(4, 4, 3, groups: 3) }
    #expect(try Conv2d(4, 8, 3, groups: 4).weight.shape == [8, 1, 3, 3])
    #expect(try Convolution(4, 8, window: [3, 3, 3])(Tensor.zeros([1, 4, 3, 3, 3])).shape == [1, 8, 1, 1, 1])
  }
}
