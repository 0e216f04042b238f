// Included ahead of upstream's model_loader.cpp, whose only use of printf is a line break on stdout between two files.
#pragma once
#include <cstdio>
#include <fstream>
#include <string>
#define printf(...) ((void)0)
