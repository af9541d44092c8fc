import BenchmarkSupport
import Datasets
import Foundation
import Lab

/// What batches of sentences of about one length save: of all places that a network goes through, the part that is padding.
struct PaddingLine {
  private static let batch = 50
  private static let epochs = 10

  /// Prints the line for SST-2, with TextCNN's batches; or why not.
  static func run() {
    do {
      let train = try DatasetLocator().sst2().train
      let lengths = train.sentences.map { max(1, SentenceCleaning.treebank.words(of: $0, lowercased: true).count) }
      let usual = SentenceClassification.Options(batchSize: batch, seed: 0).poolSize
      let (plain, pooled) = (try padding(lengths, pool: 1), try padding(lengths, pool: usual))
      print(
        String(format: "Padding, SST-2 in batches of %d: %.1f %% of all places shuffled, ", batch, 100 * plain)
          + String(format: "%.1f %% sorted in pools of %d batches; ", 100 * pooled, usual)
          + String(format: "a network goes through %.2f times as many without", (1 - pooled) / (1 - plain)))
    } catch {
      print("Padding: not measured, \(error)")
    }
  }

  /// The mean over some epochs.
  private static func padding(_ lengths: [Int], pool: Int) throws(DatasetError) -> Double {
    var sum = 0.0
    for epoch in 1...epochs {
      sum += try SentenceBatches(
        lengths: lengths, batchSize: batch, poolSize: pool, epoch: epoch, streams: PhiloxStreams(seed: 0)
      ).paddedFraction
    }
    return sum / Double(epochs)
  }
}
