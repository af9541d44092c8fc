import Datasets
import Foundation
import IDInit
import TestSupport
import Testing
import Torch

@testable import Lab

/// Batches against a slow reference, pixel by pixel.
@Suite struct BatchLoaderTests {
  static let normalization = Normalization(mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201])

  static let augmentations: [Augmentation] = [
    .none, Augmentation(cropPadding: 2), Augmentation(flip: true), Augmentation(cropPadding: 2, flip: true),
    Augmentation(cropPadding: 2, flip: true, mixup: 1), Augmentation(cropPadding: 2, flip: true, cutmix: 1),
    Augmentation(mixup: 0.4), Augmentation(cutmix: 1),
    Augmentation(cropPadding: 1, flip: true, mixup: 0.2, cutmix: 1),
    // A border wider than the image: windows that are all black.
    Augmentation(cropPadding: 9, flip: true),
  ]

  /// Not square, so that rows and columns cannot be taken for each other.
  @Test(arguments: augmentations, [MemoryFormat.channelsLast, .contiguous])
  func batchesAreTheReferences(_ augmentation: Augmentation, _ layout: MemoryFormat) throws {
    let images = try MadeUpImages.make(count: 11, height: 7, width: 5, seed: 1)
    let loader = try BatchLoader(
      images, normalization: Self.normalization, augmentation: augmentation, batchSize: 4, order: .shuffled, seed: 5,
      layout: layout)
    let reference = ReferenceBatch(
      images: images, normalization: Self.normalization, padding: augmentation.cropPadding)
    for epoch in 1...6 {
      let order = EpochOrder.permutation(count: 11, seed: 5, epoch: epoch).map(Int.init)
      let draws = BatchDraws(augmentation, seed: 5, epoch: epoch)
      let batches = loader.batches(epoch: epoch)
      for step in 0..<3 {
        let batch = try #require(try batches.next())
        let places = Array(step * 4..<min(11, step * 4 + 4))
        let indices = places.map { order[$0] }
        let mixing = draws.mixing(step: step, count: places.count, height: 7, width: 5)
        let expected = reference.values(indices, places.map(draws.placement(at:)), mixing)
        #expect(batch.x_NCHW.shape == [places.count, 3, 7, 5])
        #expect(batch.x_NCHW.isContiguous(layout))
        #expect(try batch.x_NCHW.contiguous().array(of: Float.self) == expected)
        let labels = indices.map { Int64(images.labels[$0]) }
        #expect(try batch.labels_N.array(of: Int64.self) == labels)
        #expect(batch.mixed?.share == mixing?.share)
        #expect(try batch.mixed?.labels_N.array(of: Int64.self) == mixing.map { $0.partners.map { labels[$0] } })
      }
      #expect(try batches.next() == nil)
    }
  }

  /// The same numbers as PyTorch's operations on the whole set, bit for bit: what trainings on digits had before.
  @Test(arguments: [(0.1307, 0.3081), (0.5, 0.25), (0.4465, 0.1994)])
  func normalisationIsPyTorchs(_ mean: Double, _ std: Double) throws {
    let bytes = (0...255).map { UInt8($0) }
    let expected = try Tensor(bytes).to(.float32)
    try expected.formMultiply(1 / (255 * std))
    try expected.formAdd(-mean / std)
    #expect(Normalization(mean: [mean], std: [std]).table() == (try expected.array(of: Float.self)))
  }

  @Test func oneChannelIsPlainlyContiguous() throws {
    let images = try MadeUpImages.make(count: 3, channels: 1, height: 4, width: 4)
    let loader = try BatchLoader(
      images, normalization: Normalization(mean: [0], std: [1]), batchSize: 3, order: .inOrder)
    let batch = try #require(try loader.batches().next())
    #expect(batch.x_NCHW.strides == [16, 16, 4, 1])
    #expect(try batch.x_NCHW.array(of: Float.self) == images.images.map { Float($0) * Float(1.0 / 255) })
    #expect(try batch.labels_N.array(of: Int64.self) == [0, 1, 2])
  }

  @Test(arguments: [0, 1, 2, 3, 9]) func anEpochCanBeginInItsMiddle(_ step: Int) throws {
    let images = try MadeUpImages.make(count: 11, height: 6, width: 6)
    let loader = try BatchLoader(
      images, normalization: Self.normalization,
      augmentation: Augmentation(cropPadding: 2, flip: true, mixup: 0.5, cutmix: 1), batchSize: 4, order: .shuffled,
      seed: 2)
    func all(from step: Int) throws -> [[Float]] {
      let batches = loader.batches(epoch: 3, from: step)
      var all: [[Float]] = []
      while let batch = try batches.next() { all.append(try batch.x_NCHW.array(of: Float.self)) }
      return all
    }
    #expect(try all(from: step) == Array(try all(from: 0).dropFirst(step)))
  }

  // MARK: The thread

  @Test func theThreadEndsWhereverItStands() throws {
    let images = try MadeUpImages.make(count: 64, height: 4, width: 4)
    let loader = try BatchLoader(images, normalization: Self.normalization, batchSize: 1, order: .shuffled)
    for taken in [0, 1, 3, 63, 64] {
      let batches = loader.batches()
      for _ in 0..<taken { #expect(try batches.next() != nil) }
      batches.stop()
      #expect(try batches.next() == nil)
      // A second time is no harm.
      batches.stop()
    }
    // Gone without a word, while the thread waits for room: coming back from `deinit` is the proof that it ended.
    for _ in 0..<100 { _ = loader.batches() }
  }

  /// A queue whose thread counts what it prepares: two wait, and one more is in hand, however slow the taker.
  @Test func atMostSoManyAreReady() throws {
    let queue = BatchQueue(depth: 2)
    let pool = BatchMemoryPool(byteCount: 4)
    let prepared = Count()
    queue.start(0..<100) { _ in
      prepared.add()
      return PreparedBatch(memory: pool.take(), labels: [0], mixed: nil)
    }
    for taken in 0..<20 {
      Thread.sleep(forTimeInterval: 0.002)
      #expect(prepared.value <= taken + 3)
      #expect(queue.take() != nil)
    }
    queue.stop()
    #expect(prepared.value <= 23)
  }

  /// A batch that is still in use is not written over by those that come after it.
  @Test func memoryIsUsedAgainOnlyWhenFree() throws {
    let images = try MadeUpImages.make(count: 40, height: 4, width: 4)
    let loader = try BatchLoader(images, normalization: Self.normalization, batchSize: 2, order: .inOrder)
    let batches = loader.batches()
    var kept: [(batch: Batch, values: [Float])] = []
    while let batch = try batches.next() {
      if kept.count < 5 { kept.append((batch, try batch.x_NCHW.array(of: Float.self))) }
    }
    for (batch, values) in kept { #expect(try batch.x_NCHW.array(of: Float.self) == values) }
  }

  // MARK: Settings

  @Test func settingsThatDoNotFitAreErrors() throws {
    let images = try MadeUpImages.make(count: 4)
    func message(
      _ normalization: Normalization = Self.normalization, _ augmentation: Augmentation = .none, batchSize: Int = 2
    ) -> String? {
      let error = #expect(throws: LabError.self) {
        try BatchLoader(
          images, normalization: normalization, augmentation: augmentation, batchSize: batchSize, order: .inOrder)
      }
      #expect(error?.kind == .configuration)
      return error?.message
    }
    let onlyOne = Normalization(mean: [0.5], std: [0.5])
    #expect(message(onlyOne)?.contains("1 means and 1 deviations to normalise by; made up has 3 channels") == true)
    #expect(message(Normalization(mean: [0, 0, 0], std: [1, 0, 1]))?.contains("deviations above 0") == true)
    #expect(message(Self.normalization, Augmentation(cropPadding: -1))?.contains("cropPadding is -1") == true)
    #expect(message(Self.normalization, Augmentation(mixup: .nan))?.contains("mixup is nan") == true)
    #expect(
      message(Self.normalization, Augmentation(cutmix: 1, switchProbability: 2))?.contains("expected 0 to 1") == true)
    #expect(message(batchSize: 0)?.contains("batches of 0 images") == true)
  }
}

/// A number that two threads share.
// Only touched under its lock.
private final class Count: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0
  func add() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}
