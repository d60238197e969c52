// Package arch holds the tests of the house itself: what no part can see of itself.
//
//	arch_test.go         what each package may import, and why; each has a comment, each driver runs the suite
//	arch_vendor_test.go  nobody above the drivers asks which vendor it is
//	writer_test.go       only the thread stores messages and conversations
//	docs_test.go         what the pages name is there: paths, links, commands, tests, names of the program, dependencies
//	gauge_test.go        how large a package, a type, a circle of files and a handler may grow, and how things are named;
//	                     -v prints the figures of every package
//	gauge_measure_test.go, gauge_names_test.go  what is measured, from type-checked source
//	gauge_self_test.go   the gauge measures small packages of which the figures are known
package arch
