import Datasets
import Foundation
import Lab
import Networks
import Torch

extension Figure9 {
  /// As a classifier of pairs of texts, which is one of the two tasks, and without dropout, which hides a part of the
  /// signal that differs from pass to pass.
  public static func probed(_ settings: Settings, on bench: ProbeBench) throws -> RecipeProbe {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("idinit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let texts = try settings.data.texts(bench.locator, madeIn: folder)
    var configuration = settings.configuration(vocabularyCount: texts.train.vocabularyCount)
    (configuration.dropout, configuration.attentionDropout) = (0, 0)
    let task = BERTPreTraining(
      train: texts.train, test: texts.test, configuration: configuration,
      options: .init(
        batchSize: bench.batch ?? settings.training.batchSize, stepsPerEpoch: 1, seed: bench.seed,
        testCount: settings.training.testCount), device: bench.device)
    try task.validate()
    guard let batch = try task.trainBatches(epoch: 1, from: 0).nextBatch() as? BERTPreTraining.Batch,
      let segments_NL = batch.texts.segments, let mask_NL = batch.texts.mask
    else {
      throw LabError(.data, "\(texts.train.file) has no examples; expected one or more")
    }
    let input_N3L = try Tensor.stack([batch.texts.ids, segments_NL, mask_NL], axis: 1)
    let subjects = try subjects(
      settings, { try $0.one(\.methods) },
      { method in
        let network = try BERTForPreTraining(configuration, device: bench.device)
        let plan = try plan(of: network, method: method, std: settings.start.std, seed: bench.seed)
        try network.initialize(by: plan, threads: Runtime.threadCount)
        return BERTNextSentence(network)
      }, input: input_N3L, target: .classes(batch.next_N, count: 2), seed: bench.seed)
    return RecipeProbe(
      subjects: subjects,
      data: "\(batch.count) pairs of texts from \(settings.data.trainFiles.joined(separator: " and ")), of up to "
        + "\(configuration.greatestLength) pieces, by whether the second follows the first; without dropout")
  }
}
