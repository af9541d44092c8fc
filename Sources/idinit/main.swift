import ArgumentParser
struct T: ParsableCommand { @Argument var x: String; func run() { print(x) } }
T.main()
