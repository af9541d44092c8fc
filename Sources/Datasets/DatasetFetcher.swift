import Foundation

/// Downloads pinned files into the cache: what `idinit-lab fetch` does.
///
/// A file is written beside its place under a name of its own, checked, flushed and only then renamed; so a file
/// under its right name is always whole, however the last fetch ended.
public struct DatasetFetcher: Sendable {
  private let transport: any DownloadTransport
  let isCancelled: @Sendable () -> Bool
  let report: @Sendable (String) -> Void
  private let progress: @Sendable (_ file: String, _ done: Int, _ total: Int) -> Void

  /// - Parameters:
  ///   - transport: how one URL is brought to one file.
  ///   - isCancelled: asked during downloads; when it says yes, the fetch throws and leaves no partial file.
  ///   - report: takes a line for people at each step.
  ///   - progress: takes the name of the file that arrives, the bytes of it that have, and all its bytes; on the thread
  ///     that fetches, whenever the transport asks whether to go on.
  public init(
    transport: any DownloadTransport = CurlTransport(),
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (String) -> Void = { _ in },
    progress: @escaping @Sendable (_ file: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) {
    self.transport = transport
    self.isCancelled = isCancelled
    self.report = report
    self.progress = progress
  }

  /// Brings the full MNIST to `CACHE/mnist`, where `DatasetLocator` finds it.
  ///
  /// - Parameter cache: the cache folder, as `DatasetLocator.cache` has it; it is made when absent.
  /// - Returns: the folder.
  /// - Throws: as `fetch(_:to:)`.
  public func fetchMNIST(cache: String) throws(DatasetError) -> String {
    let folder = "\(cache)/mnist"
    try fetch(MNIST.remoteFiles, to: folder)
    return folder
  }

  /// Brings each file to `folder`; one that is there already and agrees with its pins is kept.
  ///
  /// - Throws: `DatasetError`: `download` when no mirror served the right bytes (with what each said), `unreadable`
  ///   when the folder cannot be made or written.
  public func fetch(_ files: [RemoteFile], to folder: String) throws(DatasetError) {
    try makeFolder(folder)
    for file in files { try fetch(file, to: folder) }
  }

  /// - Returns: Whether it was downloaded, and not there already.
  @discardableResult
  func fetch(_ file: RemoteFile, to folder: String) throws(DatasetError) -> Bool {
    let place = "\(folder)/\(file.name)"
    if FileManager.default.fileExists(atPath: place) {
      do {
        try file.verify(place)
        report("\(file.name): already there")
        return false
      } catch {
        report("\(error). Fetching it anew")
      }
    }
    let partial = partialPath(file.name, in: folder)
    defer { try? FileManager.default.removeItem(atPath: partial) }
    var tried: [String] = []
    for url in file.urls {
      report("\(file.name): \(Self.megabytes(file.byteCount)) from \(url)")
      try? FileManager.default.removeItem(atPath: partial)
      do {
        try transport.download(url, to: partial, byteCount: file.byteCount) {
          progress(file.name, Self.size(partial), file.byteCount)
          return isCancelled()
        }
      } catch {
        switch error {
        case .cancelled: throw Self.stopped(place)
        case .failed(let reason): tried.append("\(url) (\(reason))")
        }
        continue
      }
      do {
        try file.verify(partial)
      } catch {
        let expected = error.expected.map { ", expected \($0)" } ?? ""
        tried.append("\(url) (not the right file: \(error.problem)\(expected))")
        continue
      }
      try Self.flush(partial)
      try Self.place(partial, at: place)
      return true
    }
    throw DatasetError(
      .download, file: place, problem: "no mirror served it: \(tried.joined(separator: ", "))",
      advice: "Without a network, put the file there by hand or name a folder that has it with --data")
  }

  static func stopped(_ file: String) -> DatasetError {
    DatasetError(
      .download, file: file, problem: "stopped before it was complete", advice: "Nothing half-fetched is left")
  }

  private static let partialPrefix = ".partial-"

  /// Where a file is written before it has its own name.
  func partialPath(_ name: String, in folder: String) -> String {
    "\(folder)/\(Self.partialPrefix)\(ProcessInfo.processInfo.processIdentifier)-\(name)"
  }

  /// Makes the folder, or clears away what fetches left in it that were killed. The partial files of a process that
  /// still runs are left to it.
  func makeFolder(_ folder: String) throws(DatasetError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw DatasetError(
        .unreadable, file: folder, problem: "the folder cannot be made (\(error.localizedDescription))")
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(Self.partialPrefix) {
      let owner = name.dropFirst(Self.partialPrefix.count).prefix { $0.isNumber }
      if let process = Int32(owner), kill(process, 0) == 0 { continue }
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// Brings a file's bytes to the disk, so that its name never comes before them.
  static func flush(_ partial: String) throws(DatasetError) {
    do {
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: partial))
      try handle.synchronize()
      try handle.close()
    } catch {
      throw DatasetError(.unreadable, file: partial, problem: "it cannot be written (\(error.localizedDescription))")
    }
  }

  /// Gives a whole file its own name.
  static func place(_ partial: String, at place: String) throws(DatasetError) {
    guard rename(partial, place) == 0 else {
      throw DatasetError(
        .unreadable, file: place, problem: "it cannot be put in its place (\(String(cString: strerror(errno))))")
    }
  }

  /// Bytes of a file; 0 of one that is not there yet.
  private static func size(_ file: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int ?? 0
  }

  private static func megabytes(_ bytes: Int) -> String {
    bytes < 100_000 ? "\((bytes + 999) / 1000) kB" : "\(Double((bytes + 50_000) / 100_000) / 10) MB"
  }
}
