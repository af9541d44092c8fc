import Datasets
import Foundation
import Torch

/// How runs are made here: where to, with what, watched by whom. None of it changes what is measured, but for the last
/// bits of floating-point sums, which depend on threads and device (see ``EnvironmentRecord``).
public struct RunOptions {
  /// The folder that record folders go to.
  public var out: URL
  /// Threads of the engine; nil leaves the engine's choice.
  public var threads: Int?
  /// Where tensors live.
  public var device: Device = .cpu
  /// The folder to look for data in; nil looks in the usual places.
  public var dataFolder: String?
  /// Data sets that are already read, which are not looked for.
  public var datasets: [any RecordedData] = []
  /// The least time between two checkpoints of a run, in seconds. A kill loses at most this much work.
  public var checkpointSeconds = 5.0
  /// Whether to stop.
  public var stop: StopSignal = .never
  /// Who is told how it goes.
  public var progress: any ProgressReporter = SilentProgress()
  /// Whether each run's folder gets an event file that TensorBoard reads, beside its metrics and made from them.
  public var tensorBoard = false
  /// Who runs, for `environment.json`.
  public var command: [String] = []

  /// Options with their defaults, for records in this folder.
  public init(out: URL) { self.out = out }
}

/// What a run has at hand while it runs.
public final class RunContext {
  /// What is to be done.
  public let run: PlannedRun
  /// Where it is written down.
  public let record: RunRecord
  /// How it is done.
  public let options: RunOptions
  let index: Int
  let total: Int
  private let shelf: DataShelf
  private let eventFile: EventFile

  init(run: PlannedRun, record: RunRecord, options: RunOptions, index: Int, total: Int, shelf: DataShelf) {
    self.run = run
    self.record = record
    self.options = options
    self.index = index
    self.total = total
    self.shelf = shelf
    eventFile = EventFile(record)
  }

  /// Where tensors live.
  public var device: Device { options.device }
  /// Whether to stop.
  public var stop: StopSignal { options.stop }

  /// A set of images, read once a command, and noted in the run's environment with its digest.
  /// - Throws: `LabError` if the run goes on and was started on other data, or the set has no images.
  public func dataset(_ name: String) throws -> ImageDataset { try noted(name, what: "images") }

  /// A set of sentences, read once a command, and noted in the run's environment with its digest.
  /// - Throws: `LabError` if the run goes on and was started on other data, or the set has no sentences.
  public func sentences(_ name: String) throws -> SentenceDataset { try noted(name, what: "sentences") }

  /// Looks for files of data.
  public var locator: DatasetLocator { DatasetLocator(data: options.dataFolder) }

  /// Notes something else that the run's numbers depend on, beside its data set: word vectors, a corpus.
  /// - Parameters:
  ///   - data: What it is, with its digest.
  ///   - key: Its key in `environment.json`.
  /// - Throws: `LabError` if the run goes on and was started on something else.
  public func note(_ data: some RecordedData, as key: String) throws {
    try EnvironmentRecord.note(data, as: key, in: record)
  }

  private func noted<Dataset: RecordedData>(_ name: String, what: String) throws -> Dataset {
    let dataset: Dataset = try shelf.dataset(name, of: what, folder: options.dataFolder)
    try EnvironmentRecord.note(dataset, as: "data", in: record)
    return dataset
  }

  /// Tells whoever watches, TensorBoard too.
  public func report(_ moment: ProgressEvent.Moment, _ fill: (inout ProgressEvent) -> Void = { _ in }) {
    var event = ProgressEvent(moment, run: run.name)
    event.index = index
    event.total = total
    fill(&event)
    options.progress.report(event)
    // A file that cannot be written is told of at the run's end; what is measured does not wait for it.
    if moment == .milestone { try? updateEvents() }
  }

  /// Brings the event file up to the metrics, if one is wanted.
  func updateEvents() throws(LabError) {
    if options.tensorBoard { try eventFile.update() }
  }

  /// A table of this run's own, beside its record.
  public func write(_ table: ResultTable, as name: String) throws(LabError) {
    try record.write(Data(table.csv.utf8), as: name)
  }
}
