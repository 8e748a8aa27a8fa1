# What a package carries besides the programs: the editions and the message definitions.
include(GNUInstallDirs)
install(DIRECTORY editions/ DESTINATION ${CMAKE_INSTALL_DATADIR}/kostraflow/editions)
install(DIRECTORY proto/kf DESTINATION ${CMAKE_INSTALL_DATADIR}/kostraflow/proto
    FILES_MATCHING PATTERN "*.proto")
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
