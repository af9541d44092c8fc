import TestSupport
import Testing

/// `idinit --generate-completion-script` for every shell that is here.
struct CompletionTests {
  @Test("each script is one that its shell reads", arguments: CompletionShell.allCases)
  func scripts(_ shell: CompletionShell) throws {
    let script = try CompletionScript(idinitBinary, shell)
    for word in ["plan", "verify", "kaiming-normal", "zero-hadamard", "bfloat16"] {
      #expect(script.text.contains(word), "\(shell.rawValue) lacks \(word)")
    }
  }

  @Test("bash reads its script", .enabled(if: CompletionShell.bash.isInstalled, "bash is not installed"))
  func bash() throws { try check(.bash) }

  @Test("zsh reads its script", .enabled(if: CompletionShell.zsh.isInstalled, "zsh is not installed"))
  func zsh() throws { try check(.zsh) }

  @Test("fish reads its script", .enabled(if: CompletionShell.fish.isInstalled, "fish is not installed"))
  func fish() throws { try check(.fish) }

  private func check(_ shell: CompletionShell) throws {
    let result = try CompletionScript(idinitBinary, shell).checkSyntax()
    #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
  }

  @Test("bash offers names", .enabled(if: CompletionShell.bash.isInstalled, "bash is not installed"))
  func bashOffers() throws { try offers(.bash) }

  @Test("zsh offers names", .enabled(if: CompletionShell.zsh.isInstalled, "zsh is not installed"))
  func zshOffers() throws { try offers(.zsh) }

  @Test("fish offers names", .enabled(if: CompletionShell.fish.isInstalled, "fish is not installed"))
  func fishOffers() throws { try offers(.fish) }

  private func offers(_ shell: CompletionShell) throws {
    let script = try CompletionScript(idinitBinary, shell)
    #expect(try script.offers("pl") == ["plan"])
    #expect(try script.offers("show", "kaiming-n") == ["kaiming-normal"])
    #expect(try script.offers("plan", "--method", "zero-h") == ["zero-hadamard"])
    #expect(try script.offers("show", "idi", "6x4", "--dtype", "bf") == ["bfloat16"])
  }
}
