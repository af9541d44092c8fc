import Foundation
import OrderedCollections
import Testing
import Torch

struct LeakTests {
  private struct Training {
    let net: Sequential
    let optimizer: SGD
    let x: Tensor
    let y: Tensor

    init() throws {
      let net = Sequential([try Linear(32, 64), Activation(relu), try Linear(64, 10)])
      let generator = try Generator(seed: 0)
      try withoutGradient {
        for weight in net.parameters.values { try weight.fillUniform(low: -0.1, high: 0.1, generator: generator) }
      }
      self.net = net
      optimizer = try SGD(net.parameters, learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4)
      x = try Tensor.randn([32, 32], generator: generator)
      y = try Tensor.randint([32], high: 10, generator: generator)
    }

    func step() throws -> Tensor {
      try optimizer.zeroGrad()
      let loss = try crossEntropy(net(x), y)
      try loss.backward()
      try optimizer.step()
      return loss
    }
  }

  /// Resident bytes of the process; nil where /proc is not to be had.
  private static func residentBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  /// A step makes 32·(64·2 + 10)·4 = 17 kB of activations; a graph that stayed alive would cost 44 MB in each round of
  /// 2,500 steps. Other tests run beside this one, so the smallest growth of the four rounds counts.
  @Test func tenThousandStepsLeaveHandlesAndMemoryFlat() throws {
    let training = try Training()
    let first = try training.step().item()
    for _ in 0..<100 { _ = try training.step() }
    let handles = Tensor.liveCountOfThread
    var growths: [Int] = []
    var last = first
    for _ in 0..<4 {
      let before = Self.residentBytes()
      for _ in 0..<2_500 { last = try training.step().item() }
      if let before, let after = Self.residentBytes() { growths.append(after - before) }
    }
    #expect(Tensor.liveCountOfThread == handles)
    if let smallest = growths.min() { #expect(smallest < 4 << 20) }
    #expect(last < first / 2)  // it really trained
  }

  /// The counters see what they are there to see.
  @Test func whatIsKeptIsCounted() throws {
    let training = try Training()
    _ = try training.step()
    let handles = Tensor.liveCountOfThread
    var kept = try (0..<10).map { _ in try training.step() }
    #expect(Tensor.liveCountOfThread == handles + 10)
    kept.removeAll()
    #expect(Tensor.liveCountOfThread == handles)
  }

  @Test func failuresLeaveNothingBehind() throws {
    let a = try Tensor.zeros([2, 3])
    let handles = Tensor.liveCountOfThread
    for _ in 0..<100 {
      #expect(throws: TorchError.self) { try linear(relu(a) + 1, weight: Tensor.zeros([4, 5])) }
      #expect(throws: TorchError.self) { try Linear(2, -1) }
    }
    #expect(Tensor.liveCountOfThread == handles)
  }

  @Test func modulesAndOptimisersGiveEverythingBack() throws {
    let handles = Tensor.liveCountOfThread
    do {
      let training = try Training()
      _ = try training.step()
      let state = try training.optimizer.state
      try training.optimizer.load(state: state)
    }
    #expect(Tensor.liveCountOfThread == handles)
  }
}
