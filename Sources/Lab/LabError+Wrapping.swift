import Datasets
import Foundation
import IDInit
import ModelFiles
import Networks
import Torch

extension LabError {
  /// Any error as one of ours: its kind for the person who runs, and one line.
  ///
  /// What the rooms below refuse about a *file* is the file's fault (`.data`, `.noInput`, `.io`); that a scheme cannot
  /// serve a network is the settings' (`.configuration`); what else they refuse about a network or a rule is ours, since
  /// settings were checked before (`.software`).
  public init(wrapping error: any Error) {
    switch error {
    case let error as LabError: self = error
    case let error as FileError: self.init(error)
    case let error as SafetensorsError:
      if case .file(let reason) = error.problem { self.init(reason) } else { self.init(.data, error.description) }
    case let error as DatasetError: self.init(error.labKind, error.description)
    case let error as DecodingError:
      let problem = DecodingProblem(error)
      self.init(.data, (problem.path.isEmpty ? "" : "\(problem.path): ") + problem.text)
    case let error as JSONError: self.init(.data, "not JSON: \(error)")
    case let error as PlanMismatch: self.init(.data, "the plan is of another network: \(error)")
    case let error as RuleError: self.init(.software, error.description)
    case let error as PlanError: self.init(.configuration, error.description)
    case let error as GraphError: self.init(.software, error.description)
    case let error as TorchError: self.init(.software, error.description)
    case let error as CocoaError:
      let file = (error.userInfo[NSFilePathErrorKey] as? String).map { "\($0): " } ?? ""
      self.init(.io, file + error.localizedDescription)
    default: self.init(.software, "\(error)")
    }
    message = message.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  init(_ error: FileError) {
    let kind: Kind =
      switch error.operation {
      case .open: error.code == ENOENT ? .noInput : .io
      case .create, .rename: .cannotCreate
      case .read, .map, .write, .flush: .io
      }
    self.init(kind, error.description)
  }
}

extension DatasetError {
  /// By sysexits.h: 66 for what is not there, 69 for a failed download, 65 for what is there and wrong.
  fileprivate var labKind: LabError.Kind {
    switch kind {
    case .notFound: .noInput
    case .unreadable: .io
    case .malformed, .truncated, .corrupt, .mismatch: .data
    case .download: .unavailable
    }
  }
}
