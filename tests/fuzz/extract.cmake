# The doors of the extraction worker: the mail itself, and the frames.
phiscan_fuzz_target(fuzz_eml ${CMAKE_CURRENT_LIST_DIR}/fuzz_eml.cpp LIBS phiscan_extract_core)
phiscan_fuzz_target(fuzz_extract_frames ${CMAKE_CURRENT_LIST_DIR}/fuzz_extract_frames.cpp LIBS phiscan_extract_core)
