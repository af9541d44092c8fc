import Datasets
import Testing
import Torch

@testable import Lab

/// Batches of sentences as the trainer sees them.
@Suite struct SentenceClassificationTests {
  /// 23 sentences of 1 to 9 words; the first word is the sentence's own number.
  private func task(batchSize: Int = 5, seed: UInt64 = 1, train: SentenceClassification.Sentences? = nil)
    -> SentenceClassification
  {
    let ids = (0..<23).map { index in [Int32(index + 1)] + [Int32](repeating: 40, count: index % 9) }
    let all = SentenceClassification.Sentences(name: "made up", ids: ids, labels: (0..<23).map { UInt8($0 % 3) })
    return SentenceClassification(
      train: train ?? all, test: all, classCount: 3, options: .init(batchSize: batchSize, seed: seed))
  }

  /// The sentences of batches by their first words.
  private func firstWords(_ stream: any BatchStream) throws -> [[Int64]] {
    var batches: [[Int64]] = []
    while let batch = try stream.nextBatch() {
      batches.append(try batch.input.select(axis: 1, 0).array(of: Int64.self))
    }
    return batches
  }

  @Test func anEpochHasEverySentenceOnceAndCanBeBegunAnywhere() throws {
    let task = task()
    let whole = try firstWords(task.trainBatches(epoch: 2, from: 0))
    #expect(whole.flatMap { $0 }.sorted() == (1...23).map(Int64.init))
    #expect(whole.count == task.stepsPerEpoch && task.stepsPerEpoch == 5)
    for step in 0...5 {
      #expect(try firstWords(task.trainBatches(epoch: 2, from: step)) == Array(whole[step...]))
      #expect(task.examples(in: step, ofEpoch: 2) == whole[..<step].reduce(0) { $0 + $1.count })
    }
    #expect(try firstWords(task.trainBatches(epoch: 3, from: 0)) != whole)
    #expect(try firstWords(self.task(seed: 2).trainBatches(epoch: 2, from: 0)) != whole)
    #expect(try firstWords(task.testBatches()).flatMap { $0 }.sorted() == (1...23).map(Int64.init))
  }

  @Test func batchesAreFilledUpToTheirLongest() throws {
    let task = task(batchSize: 23)
    let batch = try #require(try task.trainBatches(epoch: 1, from: 0).nextBatch())
    #expect(batch.input.shape == [23, 9] && batch.count == 23)
    let rows = try batch.input.array(of: Int64.self)
    for row in 0..<23 {
      let sentence = rows[row * 9..<row * 9 + 9]
      let length = Int(rows[row * 9] - 1) % 9 + 1
      #expect(sentence.prefix(length).allSatisfy { $0 != 0 } && sentence.dropFirst(length).allSatisfy { $0 == 0 })
    }
    // 23 sentences, 107 words: 1 + … + 9 twice, and 1 + … + 5.
    let padded = try #require(task.notes(ofEpoch: 1).number("paddedFraction"))
    #expect(abs(padded - (1 - 105.0 / 207)) < 1e-12)
  }

  @Test func whatDoesNotFitIsAnError() {
    func message(_ ids: [[Int32]], _ labels: [UInt8], batchSize: Int = 5) -> String {
      let task = task(batchSize: batchSize, train: .init(name: "mine", ids: ids, labels: labels))
      return (#expect(throws: LabError.self) { try task.validate() })?.message ?? ""
    }
    #expect(message([[1], []], [0, 1]).contains("mine: sentence 2 has no words that are kept"))
    #expect(message([[1]], [3]).contains("mine has a label 3; expected 0 to 2"))
    #expect(message([[1], [2]], [0]).contains("mine has 2 sentences and 1 labels"))
    #expect(message([], []).contains("one at least"))
    #expect(message([[1]], [0], batchSize: 0).contains("batchSize is 0; expected 1 or more"))
  }
}
