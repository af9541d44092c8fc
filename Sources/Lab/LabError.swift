/// Why a run could not be started, gone on with or finished, in words for the person who asked for it.
///
/// `kind` decides the exit code of `idinit-lab`; `message` is one line that says what, where, what was expected and,
/// where there is something, what to do.
public struct LabError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Kind: String, Sendable, CaseIterable {
    /// Something wrong on the command line (`EX_USAGE`, 64).
    case usage
    /// A file that is not what it should be (`EX_DATAERR`, 65).
    case data
    /// A file or data set that is not there (`EX_NOINPUT`, 66).
    case noInput
    /// A device or engine that is not there (`EX_UNAVAILABLE`, 69).
    case unavailable
    /// A failure inside (`EX_SOFTWARE`, 70).
    case software
    /// A file or folder that cannot be made (`EX_CANTCREAT`, 73).
    case cannotCreate
    /// Reading or writing failed (`EX_IOERR`, 74).
    case io
    /// The record is in use by another process (`EX_TEMPFAIL`, 75).
    case busy
    /// A recipe or setting that is wrong (`EX_CONFIG`, 78, in a file; `idinit-lab` ends with 64 where nobody gave it one).
    case configuration
    /// Stopped by SIGINT or SIGTERM; everything is saved (130; see ``StopSignal/exitCode`` for SIGTERM's).
    case interrupted
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// What, where, what was expected, and what to do.
  public var message: String

  /// An error of this kind, in words for people.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }

  /// The process exit code, by sysexits.h.
  public var exitCode: Int32 {
    switch kind {
    case .usage: 64
    case .data: 65
    case .noInput: 66
    case .unavailable: 69
    case .software: 70
    case .cannotCreate: 73
    case .io: 74
    case .busy: 75
    case .configuration: 78
    case .interrupted: 130
    }
  }
}
