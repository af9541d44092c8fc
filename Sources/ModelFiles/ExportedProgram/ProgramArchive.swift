/// The members of a torch.export archive by what they are for, in the three layouts that PyTorch has written.
///
/// - PyTorch 2.9 and newer: `<root>/models/model.json`, `<root>/data/weights/model_weights_config.json` and one raw
///   member for every storage.
/// - 2.8: the same graph; the weights are one pickle, `<root>/data/weights/model.pt`.
/// - before 2.8: `serialized_exported_program.json` and pickles, without a root folder.
///
/// Source: pytorch/docs/source/export/pt2_archive.md; torch/export/pt2_archive/_package.py (2.13).
struct ProgramArchive {
  typealias Problem = ExportedProgramError.Problem

  let zip: ZipArchive
  let program: ZipArchive.Member
  /// Where raw weights stand: the folder's name with its slash.
  let weightsFolder: String
  /// Says which storage member holds which tensor; nil where the weights are pickled or left out.
  let weightsConfiguration: ZipArchive.Member?
  /// Why the weights cannot be read, where they cannot.
  let unreadable: String

  init(_ file: MappedFile) throws(Problem) {
    do throws(ZipProblem) { zip = try ZipArchive(file) } catch {
      if case .noDirectory(startsAsZip: false) = error {
        throw .otherFile(.kind(ofFileStarting: try Self.start(of: file), size: file.size))
      }
      throw .archive(error)
    }
    if let flat = zip["serialized_exported_program.json"] {
      program = flat
      (weightsFolder, weightsConfiguration) = ("", nil)
      unreadable = "PyTorch before 2.8 pickled the weights, and pickles are never opened; export the model again"
      return
    }
    let roots = zip.members.map(\.name).filter { $0.hasSuffix("/archive_format") && $0.utf8.count > 15 }
    guard let format = roots.first, roots.count == 1, try Self.text(format, in: zip) == "pt2" else {
      throw .otherFile(.kind(ofArchiveWith: zip.members.map(\.name)))
    }
    let root = String(format.dropLast("archive_format".count))
    guard zip[root + "archive_version"] != nil else { throw .missingMember(root + "archive_version") }
    let version = try Self.text(root + "archive_version", in: zip)
    guard version == "0" else { throw .archiveVersion(version) }
    if zip[root + "byteorder"] != nil {
      let order = try Self.text(root + "byteorder", in: zip)
      guard order == "little" else { throw .byteOrder(order) }
    }

    let folder = root + "models/"
    let models = zip.members.filter { $0.name.hasPrefix(folder) && $0.name.hasSuffix(".json") }
    guard let model = models.count == 1 ? models.first : models.first(where: { $0.name == folder + "model.json" })
    else {
      if models.isEmpty { throw .otherFile(.kind(ofArchiveWith: zip.members.map(\.name))) }
      throw .severalModels(models.map { String($0.name.dropFirst(folder.count).dropLast(".json".count)) })
    }
    program = model
    let name = model.name.dropFirst(folder.count).dropLast(".json".count)
    weightsFolder = root + "data/weights/"
    let configuration = "\(weightsFolder)\(name)_weights_config.json"
    weightsConfiguration = zip[configuration]
    guard weightsConfiguration != nil || zip["\(weightsFolder)\(name).pt"] != nil else {
      throw .missingMember(configuration)
    }
    unreadable = "PyTorch 2.8 pickled the weights, and pickles are never opened; export the model with a newer PyTorch"
  }

  /// A member's text, without white space at its ends.
  private static func text(_ name: String, in zip: ZipArchive) throws(Problem) -> String {
    guard let member = zip[name] else { throw .missingMember(name) }
    do throws(ZipProblem) {
      return try zip.withCheckedBytes(of: member) { mapping in
        let text = String(decoding: mapping.bytes.prefix(64), as: UTF8.self)
        return String(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
      }
    } catch { throw .archive(error) }
  }

  private static func start(of file: MappedFile) throws(Problem) -> [UInt8] {
    do { return try file.readArray(count: min(64, file.size), at: 0) } catch { throw .archive(.file(error)) }
  }
}
