import Datasets
import Foundation
import IDInit
import ModelFiles
import OrderedCollections
import TestSupport
import Testing
import Torch

@testable import Lab

@Suite struct TrainerOptionTests {
  /// Everything on at once: crop, flip, mixup and cutmix, smoothing, averaged weights, two groups, dropout, batch norm.
  private func everything() throws -> SmallTraining {
    var training = try SmallTraining()
    training.portions.augmentation = Augmentation(cropPadding: 2, flip: true, mixup: 0.4, cutmix: 1)
    training.portions.labelSmoothing = 0.1
    training.settings.averageDecay = 0.9
    training.settings.targets = [0, 0.925]
    training.scalarFactor = 0.1
    training.observe = { epoch, network in
      ["norm": .double(try withoutGradient { try network.parameters["fc.weight"]?.norm().item() ?? .nan })]
    }
    return training
  }

  /// 70 images in batches of 16 are 5 steps an epoch, the last of 6 images.
  @Test(arguments: [1, 3, 5, 6, 8, 10]) func aStopInTheMiddleGoesOnToTheSameBits(_ step: Int) throws {
    let (whole, stopped) = (try everything(), try everything())
    try whole.run()
    let error = #expect(throws: LabError.self) { try stopped.run(stopAfter: step) }
    #expect(error?.kind == .interrupted)
    let run = try stopped.run()
    #expect(run.status == .finished)
    #expect(try stopped.comparable() == whole.comparable())
    #expect(try stopped.file("model.safetensors") == whole.file("model.safetensors"))
    #expect(!stopped.exists("checkpoint.safetensors"))
  }

  /// A kill leaves the last checkpoint and what was written after it; here one is written at every step.
  @Test func aKillGoesOnFromTheLastCheckpoint() throws {
    let (whole, killed) = (try everything(), try everything())
    try whole.run()
    struct Killed: Error {}
    var dying = killed
    dying.observe = { epoch, network in
      if epoch == 1 { throw Killed() }
      return try killed.observe?(epoch, network) ?? [:]
    }
    #expect(throws: Killed.self) { try dying.run(checkpointSeconds: 0) }
    #expect(try Checkpoint(reading: killed.url("checkpoint.safetensors")).state.step == 4)
    try killed.run()
    #expect(try killed.comparable() == whole.comparable())
    #expect(try killed.file("model.safetensors") == whole.file("model.safetensors"))
  }

  @Test func whatIsObservedIsInTheRowsFromEpoch0On() throws {
    let training = try everything()
    let run = try training.run()
    let rows = try MetricsLog(url: training.url("metrics.jsonl")).rows()
    #expect(rows.map { $0.number("epoch") } == [0, 1, 2])
    let start = try SmallConvNet().fc.weight.norm().item()
    #expect(rows[0].number("norm") == start)
    #expect(Set(rows.compactMap { $0.number("norm") }).count == 3)
    // Any accuracy is 0 or more, from epoch 0 on; 92.5 % of noise is never reached.
    #expect(run.results.number("epochsTo0") == 0)
    #expect(run.results["epochsTo92.5"] == .null)
  }

  /// Each option changes the training: none is silently ignored.
  @Test func everyOptionMatters() throws {
    let changes: [(inout SmallTraining) -> Void] = [
      { _ in }, { $0.portions.augmentation.cropPadding = 2 }, { $0.portions.augmentation.flip = true },
      { $0.portions.augmentation.mixup = 1 }, { $0.portions.augmentation.cutmix = 1 },
      { $0.portions.labelSmoothing = 0.1 }, { $0.settings.averageDecay = 0.5 }, { $0.scalarFactor = 0.1 },
      { $0.portions.seed = 6 },
    ]
    let ends = try changes.map { change -> String in
      var training = try SmallTraining()
      change(&training)
      try training.run()
      return try training.comparable()
    }
    #expect(Set(ends).count == changes.count)
  }

  // MARK: By hand

  /// The whole training by hand: batches from the loader (which has tests of its own), gradients by autograd, and two SGDs,
  /// the second at a tenth of the rate, and the average's recurrence written out on Swift's own numbers.
  @Test func groupsAndAveragesAreThoseOfAPlainLoop() throws {
    var training = try SmallTraining()
    training.settings.averageDecay = 0.7
    training.portions.labelSmoothing = 0.1
    training.portions.augmentation = Augmentation(cropPadding: 2, flip: true, mixup: 0.4)
    training.scalarFactor = 0.1
    let run = try training.run()

    let (train, test) = try SmallTraining.images(70, seed: 1)
    let network = try SmallConvNet()
    let loader = try BatchLoader(
      train, normalization: SmallTraining.normalization, augmentation: training.portions.augmentation, batchSize: 16,
      order: .shuffled, seed: 5)
    var momentum: [String: [Double]] = [:]
    var weights = try network.parameters.mapValues { try $0.array(of: Double.self) }
    var averages = weights
    for epoch in 1...2 {
      let batches = loader.batches(epoch: epoch)
      var step = 0
      while let batch = try batches.next() {
        let rate = 0.05 / (1 + Double(epoch - 1) + Double(step) / 5)
        let gradients = try gradients(of: network, on: batch)
        for (name, parameter) in network.parameters {
          let rate = name == "scale" ? rate * 0.1 : rate
          guard var weight = weights[name], let gradient = gradients[name], var average = averages[name] else {
            Issue.record("\(name) is missing")
            return
          }
          // From zeros, which makes the first velocity the first gradient, as PyTorch has it.
          var velocity = momentum[name] ?? [Double](repeating: 0, count: weight.count)
          for index in weight.indices {
            velocity[index] = 0.9 * velocity[index] + gradient[index] + 1e-3 * weight[index]
            weight[index] -= rate * velocity[index]
            average[index] = 0.7 * average[index] + 0.3 * weight[index]
          }
          momentum[name] = velocity
          (weights[name], averages[name]) = (weight, average)
          let filled = try Tensor(weight.map { Float($0) }, shape: parameter.shape)
          try withoutGradient { try parameter.copy(from: filled) }
        }
        step += 1
      }
    }
    let saved = try TensorFile.read(try SafetensorsFile(path: training.url("model.safetensors").path))
    for (name, average) in averages {
      let values = try #require(saved[name]).array(of: Double.self)
      let largest = average.reduce(0) { max($0, abs($1)) }
      // Ten float32 steps against double precision: a few hundred roundings of 6e-8.
      for (value, expected) in zip(values, average) { #expect(abs(value - expected) < 2e-5 * max(largest, 0.1)) }
      // The average is not the last weight: the test could tell them apart.
      if let weight = weights[name] { #expect(zip(average, weight).contains { abs($0 - $1) > 1e-4 }, "\(name)") }
    }
    // What was tested is the average, with the running statistics of the training.
    try network.load(saved)
    network.isTraining = false
    let all = try BatchLoader(test, normalization: SmallTraining.normalization, batchSize: 30, order: .inOrder)
    let batch = try #require(try all.batches().next())
    let loss = try withoutGradient { try crossEntropy(network(batch.x_NCHW), batch.labels_N).item() }
    #expect(try #require(run.results.number("testLoss")) == loss)
  }

  private func gradients(of network: SmallConvNet, on batch: Batch) throws -> [String: [Double]] {
    for parameter in network.parameters.values { try parameter.setGrad(nil) }
    let logits = try network(batch.x_NCHW)
    var loss = try crossEntropy(logits, batch.labels_N, labelSmoothing: 0.1)
    if let mixed = batch.mixed {
      let other = try crossEntropy(logits, mixed.labels_N, labelSmoothing: 0.1)
      loss = try loss * mixed.share + other * (1 - mixed.share)
    }
    try loss.backward()
    var gradients: [String: [Double]] = [:]
    for (name, parameter) in network.parameters {
      gradients[name] = try #require(parameter.grad).array(of: Double.self)
    }
    return gradients
  }

  /// λ·CE(a) + (1 − λ)·CE(b) with smoothing, from softmax written out in double precision.
  @Test(arguments: [0.0, 0.1], [nil, 0.3, 1.0]) func lossIsTheTwoLabels(_ smoothing: Double, _ share: Double?) throws {
    let logits: [[Double]] = [[1, -2, 0.5], [0.25, 3, -1], [-1, 0, 2], [0, 0, 0]]
    let (own, other) = ([0, 1, 1, 2], [1, 1, 0, 0])
    func entropy(_ logits: [Double], _ label: Int) -> Double {
      let logSum = log(logits.reduce(0) { $0 + exp($1) })
      let uniform = logits.reduce(0) { $0 + logSum - $1 } / 3
      return (1 - smoothing) * (logSum - logits[label]) + smoothing * uniform
    }
    func mean(_ labels: [Int]) -> Double { zip(logits, labels).reduce(0) { $0 + entropy($1.0, $1.1) } / 4 }
    let tensor = try Tensor(logits.flatMap { $0 }, shape: [4, 3])
    let batch = Batch(
      x_NCHW: tensor, labels_N: try Tensor(own.map(Int64.init)),
      mixed: try share.map { .init(labels_N: try Tensor(other.map(Int64.init)), share: $0) }, count: 4)
    let expected = share.map { $0 * mean(own) + (1 - $0) * mean(other) } ?? mean(own)
    let loss = try ClassificationLoss(labelSmoothing: smoothing)(tensor, batch).item()
    #expect(abs(loss - expected) < 1e-12)
    // The answers are 0, 1, 2, 0: own labels 0, 1, 1, 2 have two of them, the others' 1, 1, 0, 0 have two.
    let correct = try ClassificationLoss.correct(tensor, batch)
    #expect(abs(correct - 2) < 1e-12)
  }

  @Test func rightAnswersAreWeightedByTheirShares() throws {
    let logits = try Tensor([Float(2), 0, 0, 2, 2, 0], shape: [3, 2])
    let batch = Batch(
      x_NCHW: logits, labels_N: try Tensor([Int64(0), 1, 1]),
      mixed: .init(labels_N: try Tensor([Int64(1), 0, 0]), share: 0.75), count: 3)
    #expect(try ClassificationLoss.correct(logits, batch) == 0.75 * 2 + 0.25)
  }

  // MARK: What does not fit

  @Test func aParameterWithoutAnOptimiserIsAnError() throws {
    let network = try SmallConvNet()
    func sgd(_ names: (String) -> Bool) throws -> OptimizerGroup {
      OptimizerGroup(optimizer: try SGD(network.parameters.filter { names($0.key) }, learningRate: 1))
    }
    let missing = #expect(throws: LabError.self) { try [sgd { $0 != "bn1.bias" }].validate(for: network) }
    #expect(missing?.message.contains("no optimiser trains bn1.bias") == true)
    let twice = #expect(throws: LabError.self) {
      try [sgd { _ in true }, sgd { $0 == "scale" }].validate(for: network)
    }
    #expect(twice?.message.contains("scale is in two groups") == true)
    // Frozen on purpose.
    try network.bn1.bias?.settingRequiresGrad(false)
    try [sgd { $0 != "bn1.bias" }].validate(for: network)
  }

  @Test func imagesAndClassesThatDoNotFitAreErrors() throws {
    func message(_ train: LabeledImages, _ test: LabeledImages, batchSize: Int = 16) throws -> String {
      let folder = try TemporaryFolder()
      var options = RunOptions(out: folder.url)
      options.threads = 1
      let planned = PlannedRun(name: "run", labels: [:], settings: [:]) { context in
        let network = try SmallConvNet()
        return try Trainer(
          network, groups: [OptimizerGroup(optimizer: try SGD(network.parameters, learningRate: 1))],
          task: try ImageClassification(
            train: train, test: test, normalization: SmallTraining.normalization,
            options: .init(batchSize: batchSize, seed: 0)),
          settings: .init(epochs: 1), context: context
        ) { _, _ in 0.1 }.run()
      }
      let error = #expect(throws: LabError.self) {
        try RunQueue(options).perform([planned], recipe: "small", about: [:])
      }
      #expect(error?.kind == .configuration)
      return error?.message ?? ""
    }
    let (train, test) = try SmallTraining.images(20, seed: 1)
    let larger = try MadeUpImages.make(count: 5, height: 9, width: 8)
    #expect(try message(train, larger).contains("images of 3×9×8 in 10 classes; expected 3×8×8 in 10"))
    let grey = try MadeUpImages.make(count: 20, channels: 1, height: 8, width: 8)
    #expect(try message(grey, grey).contains("made up has 1 channels"))
    let more = try MadeUpImages.make(count: 24, height: 8, width: 8, classes: 12)
    #expect(try message(more, more).contains("the network makes [24, 10] of 24 images; expected [24, 12]"))
    #expect(try message(train, test, batchSize: 0).contains("batchSize is 0; expected 1 or more"))
  }

  @Test func aCheckpointOfAnotherFormatOrTrainingIsAnError() throws {
    var training = try SmallTraining()
    #expect(throws: LabError.self) { try training.run(stopAfter: 3) }
    let url = training.url("checkpoint.safetensors")
    var settings = training
    settings.scalarFactor = 0.1
    #expect(throws: LabError.self) { try settings.run() }
    training.settings.averageDecay = 0.5
    let averages = #expect(throws: LabError.self) { try training.run() }
    #expect(averages?.message.contains("averaged weights differ in bn1.bias") == true, "\(averages?.message ?? "")")
    // As the version before wrote it: without a format.
    let file = try SafetensorsFile(path: url.path)
    try TensorFile.write(
      try TensorFile.read(file), to: url, metadata: ["state": file.metadata["state"] ?? ""])
    let old = #expect(throws: LabError.self) { try training.run() }
    #expect(old?.message.contains("a checkpoint of format 1, from another version") == true, "\(old?.message ?? "")")
    #expect(old?.message.contains("remove that checkpoint") == true)
  }

  @Test func aTrainingLeavesNoTensorAndNoThreadBehind() throws {
    let training = try everything()
    try training.run()
    let before = Tensor.liveCountOfThread
    for step in [2, 5, 7] {
      let training = try everything()
      _ = try? training.run(stopAfter: step)
    }
    #expect(Tensor.liveCountOfThread == before)
  }
}
