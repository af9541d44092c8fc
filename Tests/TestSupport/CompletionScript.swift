import Foundation

/// The shells that a completion script can be made for, where they are installed.
public enum CompletionShell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  public var path: String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(rawValue)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  public var isInstalled: Bool { path != nil }
}

/// A tool's completion script for a shell.
public struct CompletionScript {
  public let shell: CompletionShell
  public let tool: String
  public let text: String
  private let folder: TemporaryFolder
  /// Where the tool is: scripts ask it for what depends on the line.
  private let place: URL

  public init(_ binary: URL, _ shell: CompletionShell) throws {
    self.shell = shell
    tool = binary.lastPathComponent
    place = binary.deletingLastPathComponent()
    text = try run(binary, ["--generate-completion-script", shell.rawValue]).standardOutput
    folder = try TemporaryFolder()
    _ = try folder.write(Array(text.utf8), to: "script")
  }

  /// What the shell says of its syntax; the shell must be installed.
  public func checkSyntax() throws -> ProgramResult {
    try run(URL(fileURLWithPath: shell.path ?? "/nowhere"), ["-n", folder.path("script")])
  }

  /// What the shell offers when the last of `words` is being typed; the shell must be installed.
  ///
  /// Of zsh, which lists what there is on a screen only, it is what it makes of the word.
  public func offers(_ words: String...) throws -> [String] {
    let line = ([tool] + words).joined(separator: " ")
    let arguments: [String]
    switch shell {
    case .bash: arguments = ["-c", bashScript([tool] + words)]
    case .zsh:
      _ = try folder.write(Array(text.utf8), to: "_\(tool)")
      arguments = ["-f", "-c", zshScript(line)]
    case .fish: arguments = ["-c", fishScript(line)]
    }
    let program = shell == .fish ? "/bin/sh" : shell.path ?? "/nowhere"
    let result = try run(
      URL(fileURLWithPath: program), arguments,
      environment: ["PATH": "\(place.path):/usr/bin:/bin", "HOME": folder.path("home"), "TERM": "dumb"])
    var offered = result.standardOutput.split(whereSeparator: \.isNewline).map(String.init)
    if shell == .fish {
      guard let begin = offered.firstIndex(of: "BEGIN"), let end = offered.lastIndex(of: "END"), begin < end else {
        return offered + [result.standardError]
      }
      // A description stands behind each word and a tab.
      offered = offered[(begin + 1)..<end].map { String($0.prefix { $0 != "\t" }) }
    }
    return offered + [result.standardError].filter { !$0.isEmpty }
  }

  /// A fish of its own on a pseudo-terminal: without one it does not say where in a word the cursor stands, which scripts
  /// that ask the tool for words want to know.
  private func fishScript(_ line: String) -> String {
    """
    printf '%s\\n' "source '\(folder.path("script"))'" "echo BEGIN; complete -C'\(line)'; echo END; exit" |
      script -qec '\(shell.path ?? "/nowhere") --no-config' /dev/null
    """
  }

  private func bashScript(_ words: [String]) -> String {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let line = words.joined(separator: " ")
    return """
      source '\(folder.path("script"))'
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.utf8.count)
      COMP_TYPE=9
      "$(complete -p \(tool) | sed 's/.*-F \\([^ ]*\\) .*/\\1/')" '\(tool)' \
        '\(words[words.count - 1])' '\(words[words.count - 2])'
      printf '%s\\n' "${COMPREPLY[@]}"
      """
  }

  /// A zsh of its own on a pseudo-terminal gets the line and a tab, and then prints the line that came of it.
  private func zshScript(_ line: String) -> String {
    """
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PS1=; fpath=('\(folder.path(""))' \\$fpath); autoload -Uz compinit; compinit -u -D; \
    bindkey '^I' complete-word; setopt no_beep; print READY"
    while zpty -r shell answer && [[ $answer != READY* ]]; do :; done
    zpty -n -w shell '\(line)'$'\\t\\x01print -r -- "<\\x05>"\\n'
    while zpty -r shell answer; do [[ $answer == '<'* ]] && break; done
    zpty -d shell
    answer=${${answer#<}%%>*}
    print -r -- ${${(z)answer}[-1]}
    """
  }
}
