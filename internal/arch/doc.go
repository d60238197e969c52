// Package arch holds the tests of the house itself: what no part can see of itself.
//
//	arch_test.go         what each package may import, and why; each has a comment, each driver runs the suite
//	arch_vendor_test.go  nobody above the drivers asks which vendor it is
//	docs_test.go         what the pages name is there: paths, links, commands, tests, names of the program, dependencies
//
// Beside them stands the gauge: how large a package may grow, and how it names things.
package arch
