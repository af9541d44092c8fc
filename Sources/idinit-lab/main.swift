print("idinit-lab")
