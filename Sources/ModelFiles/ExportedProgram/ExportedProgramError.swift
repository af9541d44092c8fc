import IDInit

/// A PyTorch program file that cannot be read: one line with the file, what is wrong, where, what was expected and
/// what to do.
public struct ExportedProgramError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One case for each way in which a file can be wrong. Positions are bytes from the start of the member.
  public enum Problem: Error, Equatable, Sendable {
    /// A file of another kind.
    case otherFile(OtherFile)
    /// A zip file that is wrong.
    case archive(ZipProblem)
    /// A version of the archive's layout that is not known.
    case archiveVersion(String)
    /// Values in another order of bytes than little-endian.
    case byteOrder(String)
    /// Several models, of these names, none of them called `model`.
    case severalModels([String])
    /// A version of the program's schema that is not known, and the PyTorch that wrote it.
    case schemaVersion(major: Int, minor: Int, torch: String?)
    /// A member that every program has, and this one has not.
    case missingMember(String)
    /// A member that is not the JSON that it should be.
    case json(member: String, position: Int, message: String)
    /// A tensor whose description makes no sense.
    case tensor(String, message: String)
    /// Values were asked for that the archive does not have.
    case noValues(tensor: String, reason: String)
    /// Memory for values that is larger or smaller than they are, in bytes.
    case bufferSize(tensor: String, range: Range<Int>, count: Int, expected: Int, found: Int)
  }

  /// The file.
  public var path: String
  /// What is wrong with it.
  public var problem: Problem

  public var description: String {
    if case .archive(.file(let error)) = problem { return error.description }
    return "\(path): \(problem.text)"
  }
}

extension ExportedProgramError.Problem {
  /// How such a file is made, as the last words of an error.
  static let recipe =
    "make a .pt2 in Python: torch.export.save(torch.export.export(model, example_args), \"model.pt2\")"

  var text: String {
    switch self {
    case .otherFile(let kind): return kind.text
    case .archive(let problem): return problem.text
    case .archiveVersion(let found):
      return "the archive's version is \(quoted(found)); this program reads version '0', which PyTorch 2.8 and newer "
        + "write"
    case .byteOrder(let found):
      return "the tensors' byte order is \(quoted(found)); only 'little' is read: export on a little-endian machine"
    case .severalModels(let names):
      let shown = names.prefix(5).map(quoted).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
      return "\(names.count) models (\(shown)) and none is called 'model'; save one model a file"
    case .schemaVersion(let major, let minor, let torch):
      return "the graph has schema version \(major).\(minor)"
        + (torch.map { ", written by PyTorch \(shortened($0))" } ?? "")
        + "; this program reads version 8: export with PyTorch 2.8 to 2.13, or update this program"
    case .missingMember(let name): return "the archive has no member \(quoted(name)); export the model again"
    case .json(let member, let position, let message): return "\(member): \(message), at byte \(position)"
    case .tensor(let name, let message): return "tensor \(quoted(name)): \(message)"
    case .noValues(let tensor, let reason): return "tensor \(quoted(tensor)) has no values to read: \(reason)"
    case .bufferSize(let tensor, let range, let count, let expected, let found):
      return
        "tensor \(quoted(tensor)): elements \(range.lowerBound) to \(range.upperBound) of \(count) were asked for, "
        + "\(expected) bytes, into a buffer of \(found)"
    }
  }

  /// A text from a file without quotes, on one line and not without end.
  private func shortened(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }
}
