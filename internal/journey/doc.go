// Package journey holds the tests of the whole program: what people do at the desk in a real browser, and what the
// program does when it is started, killed, backed up and called by vendors.
package journey
