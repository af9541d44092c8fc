import Foundation

do {
  let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
  if arguments.wantsHelp {
    print(Arguments.usage)
  } else if let draws = arguments.draws {
    draws.run()
  } else {
    try arguments.table.run()
  }
} catch let refusal as Arguments.Refusal {
  FileHandle.standardError.write(Data("idinit-benchmark: \(refusal.problem)\n\(Arguments.usage)\n".utf8))
  exit(64)
}
