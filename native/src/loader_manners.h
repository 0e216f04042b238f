// Included ahead of upstream's model_loader.cpp.
#pragma once
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

// Its only use is a line break on stdout between two files.
#define printf(...) ((void)0)

// Its only use is the wait between two looks at the loader's workers, 200 ms: as long as a small part of a file takes.
#define sleep_for(duration) sleep_for(std::chrono::milliseconds(2))
