import Datasets
import IDInit
import Networks
import TestSupport
import Testing
import Torch

@testable import Lab
@testable import Recipes

@Suite struct ImageSettingsTests {
  @Test func takesTheFirstImages() throws {
    let dataset = try SyntheticImages.colour()
    var settings = ImageSettings.cifar10(at: .smoke)
    let (train, test) = try settings.images(of: dataset)
    #expect(train.count == 40 && test.count == 20)
    #expect(train.labels == Array(dataset.train.labels.prefix(40)))
    #expect(train.images == Array(dataset.train.images.prefix(40 * 3072)))
    settings.trainCount = dataset.train.count
    #expect(try settings.images(of: dataset).train.digest == dataset.train.digest)
  }

  @Test func fewerImagesThanAskedForAreAnError() throws {
    var settings = ImageSettings.cifar10(at: .smoke)
    settings.trainCount = 50_000
    let error = #expect(throws: LabError.self) { try settings.images(of: try SyntheticImages.colour()) }
    #expect(error?.kind == .configuration)
    #expect(error?.message.contains("data.trainCount is 50000, but") == true)
    #expect(error?.message.contains("fetch cifar10") == true)
    // Every setting that asks for too many is named at once, and following the advice works.
    settings.testCount = 10_000
    let both = #expect(throws: LabError.self) { try settings.images(of: try SyntheticImages.colour()) }
    let dataset = try SyntheticImages.colour()
    let advice =
      "--set data.trainCount=\(dataset.train.count) --set data.testCount=\(dataset.test.count) takes what is there"
    #expect(both?.message.hasSuffix(advice) == true, "\(both?.message ?? "")")
    (settings.trainCount, settings.testCount) = (dataset.train.count, dataset.test.count)
    _ = try settings.images(of: dataset)
  }

  @Test(arguments: [
    ("data.mean", "0.5,0.5", "3, for red, green and blue"), ("data.std", "0,1,1", "greater than 0"),
    ("training.target", "1", "between 0 and 1"), ("network.depth", "21", "6n + 2"),
    ("augmentation.switchProbability", "1.5", "from 0 to 1"), ("adam.beta1", "1", "not including, 1"),
    ("sgd.learningRate", "-1", "sgd.learningRate is"), ("variants", "sgd-no-norm", "need no normalisation"),
    ("methods", "kaimin", "did you mean 'kaiming'?"), ("methods", "idinit-zer", "did you mean 'idinit-zero'?"),
  ]) func impossibleSettings(_ key: String, _ value: String, _ expected: String) throws {
    var recipe = try ResolvedRecipe("table2-resnet56", at: .small)
    let error = #expect(throws: LabError.self) { try recipe.set([(key, value)]) }
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }

  @Test func fewerImagesThanThePapersAreMarked() throws {
    #expect(
      try ResolvedRecipe("table4", at: .small).table([]).notes.contains {
        $0.hasPrefix("On 10,000 images of cifar10, not on the paper's 50,000")
      })
    #expect(try !ResolvedRecipe("table4", at: .paper).table([]).notes.contains { $0.hasPrefix("On ") })
  }

  @Test func aWarmupWhoseFirstEpochWouldHaveNoRateIsAnError() throws {
    var recipe = try ResolvedRecipe("figure7", at: .small)
    #expect(throws: LabError.self) { try recipe.set([("schedule.every", "epoch")]) }
    #expect(throws: LabError.self) { try recipe.set([("warmups", "5")]) }
    try recipe.set([("schedule.every", "epoch"), ("warmups", "0")])
  }
}

@Suite struct ImageTrainingTests {
  /// A rate that rises from 0 over the warm-up and falls to 0 along half a cosine.
  @Test func warmupAndCosine() {
    let schedule = ScheduleSettings(shape: .cosine, every: .step)
    func factor(_ epoch: Int, _ fraction: Double) -> Double {
      schedule.factor(epoch: epoch, fraction: fraction, epochs: 10, warmup: 2)
    }
    #expect(factor(0, 0) == 0 && factor(0, 0.5) == 0.25 && factor(2, 0) == 1)
    #expect(abs(factor(6, 0) - 0.5) < 1e-15)
    // Without warm-up it is the cosine that Table 8 was trained with, bit by bit.
    for epoch in 0..<10 {
      #expect(
        schedule.factor(epoch: epoch, fraction: 0.3, epochs: 10)
          == LearningRateSchedule.cosine(total: 10).rate(at: Double(epoch) + 0.3, base: 1))
    }
  }

  @Test func fixupsScalarsAreThoseOfItsAuthors() throws {
    let network = try ImageNetwork.resNet(.init(depth: 20)).make("fixup", images: (3, 10), device: .cpu)
    let scalars = network.parameters.filter { ImageTraining.isFixupScalar($0.key) }
    // Five in each of nine blocks, two of the network, and the classifier's bias.
    #expect(scalars.count == 9 * 5 + 3)
    #expect(scalars.allSatisfy { $0.value.elementCount == 1 || $0.key == "linear.bias" })
    #expect(network.parameters.keys.allSatisfy { !$0.contains("bn") })
  }

  @Test(arguments: [
    ("kaiming", "plain", true, true), ("kaiming", "plain", false, false), ("skipinit", "skipinit", true, false),
    ("rezero", "rezero", true, true), ("rezero", "rezero", false, false), ("zero-gamma", "plain", true, true),
  ]) func methodsChooseTheirNetworks(_ method: String, _ style: String, _ normalised: Bool, _ has: Bool) throws {
    let network = try #require(
      try ImageNetwork.resNet(.init(depth: 8), normalised: normalised).make(method, images: (3, 10), device: .cpu)
        as? CIFARResNet)
    #expect(network.style.rawValue == style && network.isNormalised == has)
  }

  @Test(arguments: ["fixup", "skipinit", "rezero"]) func allConvCannotBeServedByAllSchemes(_ method: String) throws {
    var recipe = try ResolvedRecipe("figure7", at: .smoke)
    try recipe.set([("methods", "idinit,\(method)")])
    let fixed = recipe
    // Before anything is trained.
    let error = #expect(throws: PlanError.self) { try fixed.runs() }
    let problem = LabError(wrapping: try #require(error))
    #expect(problem.kind == .configuration)
    #expect(problem.message.contains("residual"), "\(problem.message)")
  }

  /// Fixup's network has no last scale that could be 0: known before anything is trained.
  @Test func overridesAreCheckedFirst() throws {
    var recipe = try ResolvedRecipe("figure5", at: .smoke)
    try recipe.set([("methods", "idinit,fixup")])
    let fixed = recipe
    #expect(throws: PlanError.self) { try fixed.runs() }
    try recipe.set([("variants", "plain")])
    #expect(try recipe.runs().count == 2)
  }

  @Test func weightsAreCountedIntoBins() throws {
    let network = try ImageNetwork.resNet(.init(depth: 8)).make("idinit", images: (3, 10), device: .cpu)
    let weight = try #require(network.parameters["conv1.weight"])
    // 432 weights: 2 far outside, 1 at the middle of the last bin, 1 tiny; all others 0.
    var values = [Float](repeating: 0, count: weight.elementCount)
    values[0] = -7
    values[1] = 7
    values[2] = 0.75
    values[3] = 1e-3
    try withoutGradient { try weight.copy(from: try Tensor(values).reshaped(weight.shape)) }
    let counts = try Figure14.WeightCounts(network, .init(bins: 4, range: 1, nearlyZero: 0.01)).row
    #expect(counts["histogram"] == .array([1, 0, 429, 2].map(JSONValue.int)))
    #expect(counts.number("zeros") == 428.0 / 432)
    #expect(counts.number("nearlyZero") == 429.0 / 432)
  }
}

@Suite struct Figure5RunTests {
  /// Next to no training moves nothing; a real step moves the last weights from zero, but not where the scale after
  /// them is zero too: their gradient is 0 then, and so is the scale's, for good.
  @Test func sharesNotMoved() throws {
    func unmoved(_ changes: [(key: String, text: String)]) throws -> [String: Double] {
      let folder = try TemporaryFolder()
      var recipe = try ResolvedRecipe("figure5", at: .smoke)
      try recipe.set(changes)
      var options = RunOptions(out: folder.url)
      options.threads = 1
      let runs = try RunQueue(options).perform(recipe.runs(), recipe: "figure5", about: recipe.about)
      return Dictionary(
        uniqueKeysWithValues: runs.map {
          ("\($0.label("variant")) \($0.label("method"))", $0.results.number("unmoved") ?? .nan)
        })
    }
    let still = try unmoved([("optimizer.learningRate", "1e-30"), ("optimizer.weightDecay", "0")])
    #expect(still.count == 4 && still.values.allSatisfy { $0 == 1 })
    let moved = try unmoved([("training.epochs", "20")])
    #expect(try #require(moved["plain idinit"]) < 0.5)
    #expect(moved["zero-scale idinit-zero"] == 1)
    #expect(try #require(moved["zero-scale idinit"]) < 1)
  }
}
