import IDInit

/// A PyTorch program: what `torch.export.save` writes, a `.pt2` file.
///
/// Opening reads the archive's directory, the graph and the weights' configuration; the tensors' values are read when
/// asked for. Nothing is ever unpickled.
///
///     let program = try ExportedProgram(path: "model.pt2")
///     let structure = try NetworkStructure(program.graph)
///     for tensor in program.tensors { print(tensor.name, tensor.dtype, tensor.shape) }
///
/// Sizes that were dynamic have the value that they had in the example that the model was exported with, and 1 where
/// there was none.
// Unchecked, for the file: after the initialiser it is only read from, at given positions.
public final class ExportedProgram: @unchecked Sendable {
  /// Where the archive is.
  public let path: String
  /// The operations, the parameters and buffers (constants are buffers of the graph) and which parameters are tied.
  public let graph: NetworkGraph
  /// The version of PyTorch that wrote the file, `2.13.0+cpu`, where it is recorded.
  public let torchVersion: String?
  /// What `state_dict()` holds, parameters and persistent buffers, in the order of the program's signature. A tensor
  /// with several names is there under each, all but one of them tied to that one.
  public let tensors: [StoredTensor]
  let file: MappedFile
  let archive: ProgramArchive

  /// Opens a program.
  ///
  /// - Throws: ``ExportedProgramError`` for a file that is something else (with how to make a program), that is
  ///   damaged or contradicts itself, or that an unknown version of PyTorch wrote.
  public init(path: String) throws(ExportedProgramError) {
    self.path = path
    do throws(ExportedProgramError.Problem) {
      let file = try Self.open(path)
      let archive = try ProgramArchive(file)
      let configuration = try Self.configuration(archive)
      (graph, torchVersion, tensors) = try Self.withText(of: archive.program, in: archive) {
        (text) throws(ExportedProgramError.Problem) in
        let document = try Self.document(text, archive.program.name)
        let program = try ProgramTensors(text, document, archive, configuration)
        return (program.graph, document.torchVersion, program.tensors)
      }
      self.file = file
      self.archive = archive
    } catch { throw ExportedProgramError(path: path, problem: error) }
  }

  private static func open(_ path: String) throws(ExportedProgramError.Problem) -> MappedFile {
    do { return try MappedFile(path: path) } catch {
      if error.operation == .open, error.reason == "it is a folder" { throw .otherFile(.folder) }
      throw .archive(.file(error))
    }
  }

  /// The program's JSON, looked through, if its version is one that is understood.
  static func document(
    _ text: MappedBytes, _ member: String
  ) throws(ExportedProgramError.Problem) -> ProgramDocument {
    let document: ProgramDocument
    do throws(JSONScanner.Problem) { document = try ProgramDocument(text) } catch {
      throw .json(member: member, position: error.position, message: error.message)
    }
    guard let version = document.version else {
      throw .json(member: member, position: 0, message: "there is no schema_version")
    }
    guard version.major == 8 else {
      throw .schemaVersion(major: version.major, minor: version.minor, torch: document.torchVersion)
    }
    return document
  }

  private static func configuration(
    _ archive: ProgramArchive
  ) throws(ExportedProgramError.Problem) -> WeightsConfiguration? {
    guard let member = archive.weightsConfiguration else { return nil }
    return try withText(of: member, in: archive) { (text) throws(ExportedProgramError.Problem) in
      do throws(JSONScanner.Problem) { return try WeightsConfiguration(text) } catch {
        throw .json(member: member.name, position: error.position, message: error.message)
      }
    }
  }

  /// Calls `body` with a member's text, once its checksum is right.
  private static func withText<R>(
    of member: ZipArchive.Member, in archive: ProgramArchive,
    _ body: (MappedBytes) throws(ExportedProgramError.Problem) -> R
  ) throws(ExportedProgramError.Problem) -> R {
    let outcome: Result<R, ExportedProgramError.Problem>
    do throws(ZipProblem) {
      outcome = try archive.zip.withCheckedBytes(of: member) { text in
        Result { () throws(ExportedProgramError.Problem) in try body(text) }
      }
    } catch { throw .archive(error) }
    return try outcome.get()
  }
}
