import TestSupport
import Testing

/// `idinit-lab --generate-completion-script` for every shell that is here.
@Suite struct LabCompletionTests {
  @Test(arguments: CompletionShell.allCases) func everyScriptHasTheNames(_ shell: CompletionShell) throws {
    let script = try CompletionScript(ResumeTests.binary, shell)
    for word in ["compare", "table2-resnet56", "resnet110-no-norm", "jacobian", "smoke", "cifar10", "zero-hadamard"] {
      #expect(script.text.contains(word), "\(shell.rawValue) lacks \(word)")
    }
  }

  @Test(.enabled(if: CompletionShell.bash.isInstalled, "bash is not installed"))
  func bashReadsItsScript() throws { try check(.bash) }

  @Test(.enabled(if: CompletionShell.zsh.isInstalled, "zsh is not installed"))
  func zshReadsItsScript() throws { try check(.zsh) }

  @Test(.enabled(if: CompletionShell.fish.isInstalled, "fish is not installed"))
  func fishReadsItsScript() throws { try check(.fish) }

  private func check(_ shell: CompletionShell) throws {
    let result = try CompletionScript(ResumeTests.binary, shell).checkSyntax()
    #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
  }

  @Test(.enabled(if: CompletionShell.bash.isInstalled, "bash is not installed")) func bashOffersNames() throws {
    try offers(.bash)
    try lists(.bash)
  }

  @Test(.enabled(if: CompletionShell.zsh.isInstalled, "zsh is not installed")) func zshOffersNames() throws {
    try offers(.zsh)
  }

  @Test(.enabled(if: CompletionShell.fish.isInstalled, "fish is not installed")) func fishOffersNames() throws {
    try offers(.fish)
    try lists(.fish)
  }

  /// All that there is, of shells that say so.
  private func lists(_ shell: CompletionShell) throws {
    let script = try CompletionScript(ResumeTests.binary, shell)
    #expect(Set(try script.offers("run", "table8", "--scale", "")) == ["smoke", "small", "paper"])
    #expect(
      try script.offers("run", "table2-resnet56", "--variant", "") == ["sgd", "adam", "sgd-no-norm", "adam-no-norm"])
  }

  private func offers(_ shell: CompletionShell) throws {
    let script = try CompletionScript(ResumeTests.binary, shell)
    #expect(try script.offers("run", "table2-resnet5") == ["table2-resnet56"])
    #expect(try script.offers("run", "table8", "--method", "kai") == ["kaiming"])
    #expect(try script.offers("run", "table2-resnet56", "--variant", "sgd-") == ["sgd-no-norm"])
    #expect(try script.offers("run", "table1", "--method", "ide") == ["identity"])
    #expect(try script.offers("run", "table8", "--set", "optimizer.l") == ["optimizer.learningRate="])
    #expect(try script.offers("run", "--set", "contour.p") == ["contour.points="])
    #expect(try script.offers("probe", "linear5-t") == ["linear5-tanh"])
    #expect(try script.offers("probe", "table2-resnet1") == ["table2-resnet110"])
    #expect(try script.offers("probe", "resnet20", "--probes", "jac") == ["jacobian"])
    #expect(try script.offers("fetch", "m") == ["mnist"])
  }
}
