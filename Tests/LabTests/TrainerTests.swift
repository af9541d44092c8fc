import Datasets
import Foundation
import IDInit
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

@Suite struct TrainerTests {
  /// 600 images in batches of 64 are 10 steps an epoch, the last of 24 images; 30 in all. Every phase is met: the first
  /// step, the middle, the last step of an epoch, the first of the next, the last of all.
  @Test(arguments: [1, 5, 10, 11, 19, 20, 29, 30])
  func aStopAtAnyStepGoesOnToTheSameBits(_ step: Int) throws {
    let whole = try Bench()
    _ = try whole.run()
    let stopped = try Bench()
    // The queue looks once before the run.
    let error = #expect(throws: LabError.self) { try stopped.run(stopAfter: step) }
    #expect(error?.kind == .interrupted)
    #expect(error?.message.contains("step \((step - 1) % 10 + 1) of 10") == true, "\(error?.message ?? "")")
    let runs = try stopped.run()
    #expect(runs.map(\.status) == [.finished])
    #expect(try stopped.comparable() == whole.comparable())
    #expect(try stopped.file("model.safetensors") == whole.file("model.safetensors"))
  }

  @Test func aSecondStopInTheSameRunIsNoHarm() throws {
    let whole = try Bench()
    _ = try whole.run()
    let stopped = try Bench()
    for _ in 0..<4 { _ = try? stopped.run(stopAfter: 7) }
    _ = try stopped.run()
    #expect(try stopped.comparable() == whole.comparable())
  }

  @Test func whatIsFinishedIsNotRepeated() throws {
    let bench = try Bench()
    _ = try bench.run()
    let before = try bench.file("metrics.jsonl")
    // A stop at the first look would end any run that is begun.
    let runs = try bench.run(stopAfter: 0)
    #expect(runs.map(\.status) == [.finished])
    #expect(try bench.file("metrics.jsonl") == before)
  }

  @Test func seedsAndMethodsDiffer() throws {
    let bench = try Bench([("seeds", "0,1"), ("methods", "idinit,kaiming")])
    let runs = try bench.run()
    #expect(runs.count == 4)
    #expect(Set(runs.compactMap { $0.results.number("testLoss") }).count == 4)
  }

  @Test func aDivergedRunSaysWhereAndTheOthersGoOn() throws {
    let bench = try Bench([("optimizer.learningRate", "1e30"), ("seeds", "0,1")])
    let runs = try bench.run()
    #expect(runs.map(\.status) == [.diverged, .diverged])
    #expect(runs.first?.reason?.contains("in epoch 1, step") == true)
    #expect(try bench.file("summary.json").count > 0)
    #expect(bench.recipe.table(runs).cells.first?.contains("diverged") == true)
  }

  /// A training of this size by hand: the same data, order and formulas, with nothing of the trainer's.
  @Test func metricsAreThoseOfAPlainLoop() throws {
    let bench = try Bench([("optimizer.momentum", "0.5"), ("schedule.every", "step")])
    let results = try #require(try bench.run().first).results
    let dataset = try SyntheticDigits.make()
    func numbers(_ data: LabeledImages) throws -> (images_NCHW: Tensor, labels_N: Tensor) {
      let images = try Tensor(data.images, shape: [data.count, 1, 28, 28]).to(.float32)
      try images.formMultiply(1 / (255 * 0.3081))
      try images.formAdd(-0.1307 / 0.3081)
      return (images, try Tensor(data.labels.map(Int64.init)))
    }
    let (train, test) = (try numbers(dataset.train), try numbers(dataset.test))
    let network = try LinearNet(widths: [784, 24, 24, 24, 24, 10], nonlinearity: .relu)
    let plan = try network.plan(IDInitScheme(), example: Tensor.zeros([1, 1, 28, 28]), seed: 0)
    try network.initialize(by: plan)
    var momentum: [String: Tensor] = [:]
    for epoch in 0..<3 {
      let order = EpochOrder.permutation(count: 600, seed: 0, epoch: epoch + 1)
      for step in 0..<10 {
        let part = try Tensor(Array(order[step * 64..<min(600, step * 64 + 64)]))
        let x = try train.images_NCHW.indexSelect(axis: 0, part)
        let labels = try train.labels_N.indexSelect(axis: 0, part)
        for parameter in network.parameters.values { try parameter.setGrad(nil) }
        try crossEntropy(network(x), labels).backward()
        let rate = 0.1 * (1 + cos(Double.pi * (Double(epoch) + Double(step) / 10) / 3)) / 2
        try withoutGradient {
          for (name, parameter) in network.parameters {
            let gradient = try #require(parameter.grad)
            let decayed = try gradient + parameter * 5e-4
            let velocity = try momentum[name].map { try $0 * 0.5 + decayed } ?? decayed
            momentum[name] = velocity
            try parameter.formSubtract(velocity, scale: rate)
          }
        }
      }
    }
    let loss = try withoutGradient { try crossEntropy(network(test.images_NCHW), test.labels_N).item() }
    // 30 float32 steps with sums in another order: a relative 1e-4 is a hundred times their rounding.
    #expect(abs(try #require(results.number("testLoss")) - loss) < 1e-4 * loss)
  }

  @Test func trainingLeavesNoTensorBehind() throws {
    _ = try Bench().run()
    let before = Tensor.liveCountOfThread
    for _ in 0..<3 { _ = try Bench().run() }
    #expect(Tensor.liveCountOfThread == before)
  }
}

@Suite struct EpochOrderTests {
  @Test(arguments: [0, 1, 2, 3, 10, 1000]) func isAPermutation(_ count: Int) {
    let order = EpochOrder.permutation(count: count, seed: 3, epoch: 1)
    #expect(order.sorted() == (0..<Int64(count)).map { $0 })
  }

  @Test func dependsOnSeedAndEpochAlone() {
    let order = { EpochOrder.permutation(count: 100, seed: $0, epoch: $1) }
    #expect(order(0, 1) == order(0, 1))
    #expect(Set([order(0, 1), order(0, 2), order(1, 1), order(1, 2)]).count == 4)
  }

  /// Every element is equally often at every place: χ² with 24 degrees of freedom stays below its 1 − 1e-6 quantile,
  /// 73, and a shuffle that leaves each element at home once more in ten than it should is far above it.
  @Test func isUnbiased() {
    func chiSquare(_ order: (Int) -> [Int64]) -> Double {
      var counts = [Double](repeating: 0, count: 25)
      let trials = 5000
      for epoch in 0..<trials {
        for (place, element) in order(epoch).enumerated() { counts[place * 5 + Int(element)] += 1 }
      }
      let expected = Double(trials) / 5
      return counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    }
    let order = { EpochOrder.permutation(count: 5, seed: 1, epoch: $0) }
    #expect(chiSquare(order) < 73)
    #expect(chiSquare { $0 % 10 == 0 ? [0, 1, 2, 3, 4] : order($0) } > 73)
  }
}

@Suite struct ScheduleTests {
  @Test func cosineByEpochAndByStep() {
    let byEpoch = ScheduleSettings(shape: .cosine, every: .epoch)
    #expect(byEpoch.factor(epoch: 0, fraction: 0.9, epochs: 30) == 1)
    #expect(abs(byEpoch.factor(epoch: 15, fraction: 0, epochs: 30) - 0.5) < 1e-15)
    // torch.optim.lr_scheduler.CosineAnnealingLR(T_max=30) after 29 epochs, base rate 1.
    #expect(abs(byEpoch.factor(epoch: 29, fraction: 0, epochs: 30) - 0.0027390523158633003) < 1e-15)
    let byStep = ScheduleSettings(shape: .cosine, every: .step)
    #expect(abs(byStep.factor(epoch: 7, fraction: 0.5, epochs: 30) - (1 + cos(Double.pi / 4)) / 2) < 1e-15)
    #expect(ScheduleSettings(shape: .constant, every: .epoch).factor(epoch: 9, fraction: 0.5, epochs: 30) == 1)
  }
}
